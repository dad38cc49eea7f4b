import { files } from '@conclave/contracts';
import { filePace } from '../../connections/body-clock.js';
import { UploadAppend } from '../../content/uploads/upload-append.js';
import { UploadCreation } from '../../content/uploads/upload-creation.js';
import { UploadEnd } from '../../content/uploads/upload-end.js';
import { UploadStanding } from '../../content/uploads/upload-standing.js';
import { UploadTerms } from '../../content/uploads/upload-terms.js';
import { offsetStream, tus } from '../../content/uploads/tus-words.js';
import { rpcRoute, streamRoute } from '../route.js';

const { startUpload } = files.FilesService.method;
const { listUploads, getUpload, resumeUpload, endUpload } = files.UploadsService.method;

const version = { 'Tus-Resumable': `${tus.version}, or left out.` };

/** Uploads that go on after a break: tus 1.0, for whoever is in the meeting. */
export const uploadRoutes = [
  streamRoute({
    name: 'uploadTerms',
    method: 'OPTIONS',
    path: '/rooms/{slug}/uploads',
    access: 'public',
    limit: 'read',
    says: 'Which version of tus is spoken here, and which of its extensions.',
    rpc: listUploads,
    status: 204,
    handler: UploadTerms,
  }),
  rpcRoute({
    name: 'uploads',
    method: 'GET',
    path: '/rooms/{slug}/uploads',
    access: 'signed-in',
    limit: 'read',
    rpc: listUploads,
    status: 200,
    answer: { items: 'uploads' },
  }),
  // By hand: the body may be bytes, and what the rpc wants to know of them stands in headers.
  streamRoute({
    name: 'beginUpload',
    method: 'POST',
    path: '/rooms/{slug}/uploads',
    access: 'signed-in',
    limit: 'upload',
    says: 'Begins an upload that goes on after a break; its first bytes may come along. Where it is says the header Location.',
    rpc: startUpload,
    headers: {
      ...version,
      'Upload-Length': 'Bytes in all; required.',
      'Upload-Metadata': 'Pairs of a key and base64: `filename`, required, and `filetype`.',
    },
    accepts: offsetStream,
    pace: filePace,
    status: 201,
    handler: UploadCreation,
  }),
  streamRoute({
    name: 'upload',
    method: 'GET',
    path: '/rooms/{slug}/uploads/{id}',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'read',
    says: 'How far an upload has come: a look. HEAD says it in headers of tus, and takes the upload over from an older connection.',
    rpc: getUpload,
    status: 200,
    answer: files.UploadSchema,
    handler: UploadStanding,
  }),
  streamRoute({
    name: 'appendToUpload',
    method: 'PATCH',
    path: '/rooms/{slug}/uploads/{id}',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'upload',
    says: 'The next bytes of an upload; after the last of them the file is there. An older connection of the same upload is cut.',
    rpc: resumeUpload,
    headers: { ...version, 'Upload-Offset': 'Where the bytes go on; required.', 'Content-Length': 'Required.' },
    accepts: offsetStream,
    pace: filePace,
    status: 204,
    handler: UploadAppend,
  }),
  streamRoute({
    name: 'endUpload',
    method: 'DELETE',
    path: '/rooms/{slug}/uploads/{id}',
    parameters: { id: 'fileId' },
    access: 'signed-in',
    limit: 'write',
    says: 'Gives an unfinished upload up: what has come of it is shredded.',
    rpc: endUpload,
    headers: version,
    status: 204,
    handler: UploadEnd,
  }),
];
