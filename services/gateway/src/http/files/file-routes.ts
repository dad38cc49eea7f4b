import { files } from '@conclave/contracts';
import { filePace } from '../../connections/body-clock.js';
import { FileDownload } from '../../content/files/file-download.js';
import { FileUpload } from '../../content/files/file-upload.js';
import { rpcRoute, streamRoute } from '../route.js';

const { startUpload, listFiles, getFile, getDigest, deleteFile, openContent } = files.FilesService.method;

/** Sealed files of a room, for those who are in the meeting. */
export const fileRoutes = [
  rpcRoute({
    name: 'files',
    method: 'GET',
    path: '/rooms/{slug}/files',
    access: 'signed-in',
    limit: 'read',
    rpc: listFiles,
    status: 200,
    answer: { items: 'files' },
  }),
  // By hand: the body is a stream, and what the rpc wants to know of it stands in headers.
  streamRoute({
    name: 'shareFile',
    method: 'POST',
    path: '/rooms/{slug}/files',
    access: 'signed-in',
    limit: 'upload',
    says: 'Shares a file: the body is its bytes.',
    rpc: startUpload,
    headers: {
      'Content-Length': 'Bytes that follow; required.',
      'X-File-Name': "Name of the file as RFC 8187 writes it: UTF-8''r%C3%A9sum%C3%A9.pdf.",
    },
    accepts: 'application/octet-stream',
    pace: filePace,
    status: 201,
    answer: files.FileSchema,
    handler: FileUpload,
  }),
  rpcRoute({
    name: 'file',
    method: 'GET',
    path: '/rooms/{slug}/files/{id}',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'read',
    rpc: getFile,
    status: 200,
    answer: 'file',
  }),
  rpcRoute({
    name: 'fileDigest',
    method: 'GET',
    path: '/rooms/{slug}/files/{id}/digest',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'read',
    rpc: getDigest,
    status: 200,
  }),
  rpcRoute({
    name: 'deleteFile',
    method: 'DELETE',
    path: '/rooms/{slug}/files/{id}',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'write',
    rpc: deleteFile,
    status: 204,
  }),
  // By hand: the answer is a stream.
  streamRoute({
    name: 'fileContent',
    method: 'GET',
    path: '/rooms/{slug}/files/{id}/content',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'content',
    says: 'The bytes, whole or by ranges, while in the meeting; the stream is cut when presence ends.',
    rpc: openContent,
    headers: {
      Range: 'Ranges of bytes, at most eight (RFC 9110).',
      'If-Range': 'The ETag, or the Last-Modified, that the ranges were made for.',
      'If-None-Match': 'ETags that are here already: 304 where one is of this file.',
    },
    status: 200,
    gives: 'application/octet-stream',
    handler: FileDownload,
  }),
];
