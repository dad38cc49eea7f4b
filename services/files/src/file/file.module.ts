import { Module } from '@nestjs/common';
import { ObjectStorageModule } from '../adapters/object-storage/object-storage.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { FileIndex } from './file-index.js';
import { HopTokens } from './hop-token.js';
import { Shredder } from './shredder.js';

/** What a file is: its row, the ticket to its bytes, its end. */
@Module({
  imports: [KeysModule, ObjectStorageModule],
  providers: [FileIndex, HopTokens, Shredder],
  exports: [FileIndex, HopTokens, Shredder],
})
export class FileModule {}
