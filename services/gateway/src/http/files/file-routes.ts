import { files } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { FileDownload } from '../../content/files/file-download.js';
import { FileUpload } from '../../content/files/file-upload.js';
import { route, streamRoute, type RouteSource } from '../route.js';
import { cursor, id, page, slug } from '../schemas.js';
import { file, fileList, fileView } from './file-view.js';

const inRoom = z.object({ slug });
const fileInRoom = z.object({ slug, id });

/** Sealed files of a room, for those who are in the meeting. */
@Injectable()
export class FileRoutes implements RouteSource {
  constructor(
    @InjectClient(files.FilesService) private readonly client: ServiceClient<typeof files.FilesService>,
    @Inject(FileUpload) private readonly upload: FileUpload,
    @Inject(FileDownload) private readonly download: FileDownload,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/rooms/{slug}/files',
      access: 'signed-in',
      limit: 'read',
      says: 'Files of the room, newest first, while in the meeting.',
      params: inRoom,
      query: page,
      status: 200,
      answer: fileList,
      handle: ({ params, query, call }) =>
        this.client.listFiles({ ...params, ...query }, call).then((found) => ({
          items: found.files.map(fileView),
          next: cursor(found.next),
          limits: { maxFileBytes: Number(found.maxFileBytes) },
        })),
    }),
    streamRoute({
      method: 'POST',
      path: '/rooms/{slug}/files',
      access: 'signed-in',
      limit: 'upload',
      says: 'Shares a file: the body is its bytes.',
      headers: {
        'Content-Length': 'Bytes that follow; required.',
        'X-File-Name': "Name of the file as RFC 8187 writes it: UTF-8''r%C3%A9sum%C3%A9.pdf.",
      },
      params: inRoom,
      accepts: 'application/octet-stream',
      status: 201,
      answer: file,
      handle: (parts, request, reply) => this.upload.receive(parts, request, reply),
    }),
    route({
      method: 'GET',
      path: '/rooms/{slug}/files/{id}',
      access: 'signed-in',
      limit: 'read',
      says: 'One file, while in the meeting.',
      params: fileInRoom,
      status: 200,
      answer: file,
      handle: ({ params, call }) =>
        this.client.getFile({ slug: params.slug, fileId: params.id }, call).then((found) => fileView(found.file)),
    }),
    route({
      method: 'DELETE',
      path: '/rooms/{slug}/files/{id}',
      access: 'signed-in',
      limit: 'write',
      says: 'Shreds a file; for its owner and the hosts.',
      params: fileInRoom,
      status: 204,
      handle: async ({ params, call }) =>
        void (await this.client.deleteFile({ slug: params.slug, fileId: params.id }, call)),
    }),
    streamRoute({
      method: 'GET',
      path: '/rooms/{slug}/files/{id}/content',
      access: 'signed-in',
      limit: 'content',
      says: 'The bytes, whole or by range, while in the meeting; the stream is cut when presence ends.',
      headers: { Range: 'One range of bytes (RFC 9110).' },
      params: fileInRoom,
      status: 200,
      gives: 'application/octet-stream',
      handle: (parts, request, reply) => this.download.send(parts, request, reply),
    }),
  ];
}
