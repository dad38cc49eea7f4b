/** Names of people, for showing whose a file is. */
export abstract class People {
  /** Names by id; people who are gone are left out. */
  abstract names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
