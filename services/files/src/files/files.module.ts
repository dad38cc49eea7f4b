import { Module } from '@nestjs/common';
import { PeopleModule } from '../adapters/people/people.module.js';
import { PresenceModule } from '../adapters/presence/presence.module.js';
import { FileModule } from '../file/file.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SealingModule } from '../sealing/sealing.module.js';
import { DeleteFile } from './delete-file.js';
import { Digests } from './digests.js';
import { FileViews } from './file-views.js';
import { FilesController } from './files.controller.js';
import { GetDigest } from './get-digest.js';
import { GetFile } from './get-file.js';
import { ListFiles } from './list-files.js';
import { OpenContent } from './open-content.js';
import { StartUpload } from './start-upload.js';

/** The index, for people who are in the meeting. */
@Module({
  imports: [FileModule, KeysModule, PeopleModule, PresenceModule, SealingModule],
  controllers: [FilesController],
  providers: [DeleteFile, Digests, FileViews, GetDigest, GetFile, ListFiles, OpenContent, StartUpload],
  exports: [FileViews],
})
export class FilesModule {}
