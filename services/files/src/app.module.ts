import { AuditModule } from '@conclave/audit';
import { kekCheckRows, loadProvenKeks, requireKnownKeks, type KekRing } from '@conclave/keys';
import { ormToken, PersistenceModule, rawSql, type Orm } from '@conclave/persistence';
import { Clock, HealthRegistry, Metrics } from '@conclave/platform';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AuthPeople } from './adapters/people/auth-people.js';
import { RoomsPresence } from './adapters/presence/rooms-presence.js';
import { S3ObjectStorage } from './adapters/object-storage/s3-object-storage.js';
import { SignedClient } from './adapters/object-storage/signed-client.js';
import type { FilesConfig } from './config.js';
import { keysConnection, mainConnection, rootKeys } from './connections.js';
import { DataAddress, DataPlane } from './content/data-plane.js';
import { HopTokens } from './file/hop-token.js';
import { OpenDownload } from './content/open-download.js';
import { PresenceWatches } from './content/presence-watches.js';
import { ReceiveUpload } from './content/receive-upload.js';
import { Sealing } from './sealing/sealing.js';
import { SendDownload } from './content/send-download.js';
import { FilesMetrics } from './files-metrics.js';
import { DeleteFile } from './files/delete-file.js';
import { FileIndex } from './file/file-index.js';
import { FileRecord } from './file/file-record.js';
import { FileViews } from './files/file-views.js';
import { FilesController } from './files/files.controller.js';
import { GetFile } from './files/get-file.js';
import { FileLimits } from './files/limits.js';
import { ListFiles } from './files/list-files.js';
import { OpenContent } from './files/open-content.js';
import { People } from './files/people.js';
import { Presence } from './presence/presence.js';
import { StartUpload } from './files/start-upload.js';
import { keyEncryption, Vault } from './keys/vault.js';
import { ObjectStorage } from './objects/object-storage.js';
import { ForgetRoom } from './rooms/forget-room.js';
import { RoomsFeed } from './rooms/rooms-feed.js';
import { CompareStore } from './sweeper/compare-store.js';
import { Shredder } from './file/shredder.js';
import { SweepTimes } from './sweeper/sweep-times.js';
import { Sweeper } from './sweeper/sweeper.js';

/** Everything of files. `times` is for specs. */
@Module({})
export class AppModule {
  static forRoot(config: FilesConfig, times: Partial<SweepTimes> = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        AuditModule.forRoot(),
        PersistenceModule.forRoot({
          ...mainConnection(config),
          entities: [FileRecord],
          announces: 'files',
        }),
        PersistenceModule.forRoot(keysConnection(config)),
      ],
      controllers: [FilesController],
      providers: [
        ...fromConfig(config),
        { provide: SweepTimes, useValue: new SweepTimes(times) },
        { provide: FilesMetrics, useFactory: (metrics: Metrics) => new FilesMetrics(metrics), inject: [Metrics] },
        { provide: Presence, useClass: RoomsPresence },
        { provide: People, useClass: AuthPeople },
        ...[FileIndex, FileViews, StartUpload, ListFiles, GetFile, DeleteFile, OpenContent],
        ...[Vault, PresenceWatches, ReceiveUpload, OpenDownload, SendDownload, DataPlane],
        ...[Shredder, CompareStore, Sweeper, ForgetRoom, RoomsFeed],
      ],
    };
  }
}

/** What the environment decides, and what readiness asks of it. */
function fromConfig(config: FilesConfig): Provider[] {
  const bucket = {
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
  };
  return [
    { provide: FileLimits, useValue: new FileLimits(config.MAX_FILE_BYTES, config.ROOM_QUOTA_BYTES) },
    { provide: DataAddress, useValue: new DataAddress(config.DATA_HOST, config.DATA_PORT, config.LISTEN_FD) },
    { provide: HopTokens, useFactory: (clock: Clock) => new HopTokens(config.HOP_TOKEN_KEY, clock), inject: [Clock] },
    {
      provide: Sealing,
      useFactory: (metrics: FilesMetrics) => new Sealing(config.SEALING_SUITE, config.SEALING_WORKERS, metrics),
      inject: [FilesMetrics],
    },
    {
      provide: keyEncryption,
      // A KEK that cannot be loaded, or is not the one of the data, stops the start: the process is never up without its keys.
      useFactory: async (metrics: FilesMetrics, health: HealthRegistry, keys: Orm): Promise<KekRing> => {
        const ring = await loadProvenKeks(config, rawSql(keys), rootKeys);
        for (const version of ring.versions) metrics.kekLoaded(version, version === ring.activeVersion);
        health.add('kek', () => requireKnownKeks(ring, kekCheckRows(rawSql(keys), rootKeys)));
        return ring;
      },
      inject: [FilesMetrics, HealthRegistry, ormToken('keys')],
    },
    {
      provide: ObjectStorage,
      useFactory: (clock: Clock, health: HealthRegistry): ObjectStorage => {
        const storage = new S3ObjectStorage(bucket, new SignedClient(bucket, clock));
        health.add('object-store', (signal) => storage.ready(signal));
        return storage;
      },
      inject: [Clock, HealthRegistry],
    },
  ];
}
