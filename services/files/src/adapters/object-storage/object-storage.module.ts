import { Clock, HealthRegistry } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { bucketOf, configToken, type Config } from '../../config.js';
import { ObjectStorage } from '../../objects/object-storage.js';
import { S3ObjectStorage } from './s3-object-storage.js';
import { SignedClient } from './signed-client.js';

/** The port to the object store, by S3. */
@Module({
  providers: [
    {
      provide: ObjectStorage,
      useFactory: (config: Config, clock: Clock, health: HealthRegistry): ObjectStorage => {
        const storage = new S3ObjectStorage(new SignedClient(bucketOf(config), clock));
        health.add('object-store', (signal) => storage.ready(signal));
        return storage;
      },
      inject: [configToken, Clock, HealthRegistry],
    },
  ],
  exports: [ObjectStorage],
})
export class ObjectStorageModule {}
