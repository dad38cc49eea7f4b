/** What stands on a file's badge, and in which of three colours. */
export interface FileKind {
  readonly label: string;
  readonly tone: 'blue' | 'amber' | 'grey';
}

const AMBER = new Set(['XLS', 'XLSX', 'CSV', 'ODS', 'PPT', 'PPTX', 'ODP', 'KEY']);
const BLUE = new Set([
  'PDF',
  'DOC',
  'DOCX',
  'ODT',
  'TXT',
  'MD',
  'MP4',
  'MOV',
  'WEBM',
  'MP3',
  'WAV',
  'PNG',
  'JPG',
  'JPEG',
  'GIF',
  'WEBP',
  'HEIC',
]);

/** From the end of the name. What a type claims and what a file is are two things; the badge promises nothing. */
export function kindOf(name: string): FileKind {
  const ending = /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1]?.toUpperCase() ?? '';
  if (AMBER.has(ending)) return { label: ending, tone: 'amber' };
  if (BLUE.has(ending)) return { label: ending, tone: 'blue' };
  return { label: ending || $localize`:@@files.kindUnknown:FILE`, tone: 'grey' };
}
