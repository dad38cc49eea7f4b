import { Module } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { PresenceModule } from '../adapters/presence/presence.module.js';
import { FileModule } from '../file/file.module.js';
import { FilesModule } from '../files/files.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SealingModule } from '../sealing/sealing.module.js';
import { AbandonUpload } from './abandon-upload.js';
import { DataPlane } from './data-plane.js';
import { FinishUpload } from './finish-upload.js';
import { GiveBackUpload } from './give-back-upload.js';
import { OpenDownload } from './open-download.js';
import { PresenceWatches } from './presence-watches.js';
import { ReceiveUpload } from './receive-upload.js';
import { RunningUploads } from './running-uploads.js';
import { SendDownload } from './send-download.js';
import { UploadGuards } from './upload-guards.js';
import { UploadPieces } from './upload-pieces.js';

/** The bytes on their way in and out. */
@Module({
  imports: [FileModule, FilesModule, KeysModule, ObjectStorageModule, PresenceModule, SealingModule],
  providers: [
    AbandonUpload,
    DataPlane,
    FinishUpload,
    GiveBackUpload,
    OpenDownload,
    PresenceWatches,
    ReceiveUpload,
    RunningUploads,
    SendDownload,
    UploadGuards,
    UploadPieces,
  ],
  exports: [FinishUpload, RunningUploads],
})
export class ContentModule {}
