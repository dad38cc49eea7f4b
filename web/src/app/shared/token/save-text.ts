/** Saves a text as a file on this device, without a server. */
export function saveText(fileName: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser reads the address after click() returns.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
