export { droppedFiles } from './dropped-files';
export { FilesPage } from './files-page';
export { FilesPanel } from './files-panel';
export { RoomFiles } from './room-files';
export { pastedFiles } from './pasted-files';
