/**
 * The files that a paste brings, a picture without a name under one that tells when it came. Nothing where words come with it and the
 * paste goes into a field: a table of a spreadsheet is on the clipboard as a picture too.
 */
export function pastedFiles(event: ClipboardEvent, now: Date): readonly File[] {
  const { clipboardData, target } = event;
  const files = [...(clipboardData?.files ?? [])];
  const field = target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
  if (files.length === 0 || (field && clipboardData?.types.includes('text/plain'))) return [];
  return files.map((file) =>
    /^image\.\w+$/.test(file.name) ? new File([file], nameOf(file, now), { type: file.type }) : file,
  );
}

/** Browsers call every picture from the clipboard image.png. */
function nameOf(file: File, now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
  return $localize`:@@files.pastedName:Picture ${day}:DAY: ${time}:TIME:` + file.name.slice('image'.length);
}
