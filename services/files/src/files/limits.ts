/** How much may be shared; from the configuration. Injected by this class. */
export class FileLimits {
  constructor(
    readonly maxFileBytes: number,
    readonly roomQuotaBytes: number,
  ) {}
}
