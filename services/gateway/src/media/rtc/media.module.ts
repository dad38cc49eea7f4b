import { Module } from '@nestjs/common';
import { MediaDoor } from './media-door.js';
import { MediaValidate } from './media-validate.js';

/** The way to the media server. */
@Module({ providers: [MediaDoor, MediaValidate] })
export class MediaModule {}
