import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { UploadAppend } from './upload-append.js';
import { UploadCreation } from './upload-creation.js';
import { UploadEnd } from './upload-end.js';
import { UploadStanding } from './upload-standing.js';
import { UploadTerms } from './upload-terms.js';

/** Uploads that outlast their connections, in the words of tus. */
@Module({
  imports: [FilesModule],
  providers: [UploadAppend, UploadCreation, UploadEnd, UploadStanding, UploadTerms],
  exports: [UploadAppend, UploadCreation, UploadEnd, UploadStanding, UploadTerms],
})
export class UploadsModule {}
