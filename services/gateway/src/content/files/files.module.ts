import { Module } from '@nestjs/common';
import { BodyToFiles } from './body-to-files.js';
import { DataPlane } from './data-plane.js';
import { FileDownload } from './file-download.js';
import { FileUpload } from './file-upload.js';

/** Bytes of files, on their way between browsers and files. */
@Module({
  providers: [BodyToFiles, DataPlane, FileDownload, FileUpload],
  exports: [BodyToFiles, DataPlane, FileDownload, FileUpload],
})
export class FilesModule {}
