import { Module } from '@nestjs/common';
import { PresenceModule } from '../adapters/presence/presence.module.js';
import { ContentModule } from '../content/content.module.js';
import { FileModule } from '../file/file.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { EndUpload } from './end-upload.js';
import { GetUpload } from './get-upload.js';
import { ListUploads } from './list-uploads.js';
import { ResumeUpload } from './resume-upload.js';
import { UploadsController } from './uploads.controller.js';
import { UploadViews } from './upload-views.js';

/** Unfinished uploads, for those who began them and are in the meeting. */
@Module({
  imports: [ContentModule, FileModule, KeysModule, PresenceModule],
  controllers: [UploadsController],
  providers: [EndUpload, GetUpload, ListUploads, ResumeUpload, UploadViews],
})
export class UploadsModule {}
