import { Module } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { FileIndex } from './file-index.js';
import { HopTokens } from './hop-token.js';
import { Shredder } from './shredder.js';
import { Space } from './space.js';
import { UploadLeases } from './upload-leases.js';
import { Uploads } from './uploads.js';

/** What a file is: its row, the space it takes, the ticket to its bytes, its end. */
@Module({
  imports: [KeysModule, ObjectStorageModule],
  providers: [FileIndex, HopTokens, Shredder, Space, UploadLeases, Uploads],
  exports: [FileIndex, HopTokens, Shredder, Space, UploadLeases, Uploads],
})
export class FileModule {}
