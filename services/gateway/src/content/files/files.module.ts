import { Module } from '@nestjs/common';
import { DataPlane } from './data-plane.js';
import { FileDownload } from './file-download.js';
import { FileUpload } from './file-upload.js';

/** Bytes of files, on their way between browsers and files. */
@Module({
  providers: [DataPlane, FileDownload, FileUpload],
  exports: [FileDownload, FileUpload],
})
export class FilesModule {}
