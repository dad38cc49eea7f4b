import { files } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import { DeleteFile } from './delete-file.js';
import { GetDigest } from './get-digest.js';
import { GetFile } from './get-file.js';
import { ListFiles } from './list-files.js';
import { OpenContent } from './open-content.js';
import { StartUpload } from './start-upload.js';

const { startUpload, listFiles, getFile, deleteFile, getDigest, openContent } = files.FilesService.method;

/** The door of the file index. Presence is proven before any of them runs. */
@Controller()
export class FilesController {
  constructor(
    private readonly startUploadUseCase: StartUpload,
    private readonly listFilesUseCase: ListFiles,
    private readonly getFileUseCase: GetFile,
    private readonly deleteFileUseCase: DeleteFile,
    private readonly getDigestUseCase: GetDigest,
    private readonly openContentUseCase: OpenContent,
    private readonly metrics: FilesMetrics,
  ) {}

  @Rpc(startUpload)
  @Access('file.share')
  startUpload(request: files.StartUploadRequest, context: CallContext) {
    return this.metrics.observe('start_upload', () => this.startUploadUseCase.execute(requireGrant(context), request));
  }

  @Rpc(listFiles)
  @Access('file.list')
  listFiles(request: files.ListFilesRequest, context: CallContext) {
    return this.metrics.observe('list', () => this.listFilesUseCase.execute(requireGrant(context), request));
  }

  @Rpc(getFile)
  @Access('file.read')
  getFile(request: files.GetFileRequest, context: CallContext) {
    return this.metrics.observe('get', () => this.getFileUseCase.execute(requireGrant(context), request));
  }

  @Rpc(deleteFile)
  @Access('file.delete', 'file.delete-own')
  deleteFile(request: files.DeleteFileRequest, context: CallContext) {
    return this.metrics.observe('delete', () => this.deleteFileUseCase.execute(requireGrant(context), request));
  }

  @Rpc(getDigest)
  @Access('file.read')
  getDigest(request: files.GetDigestRequest, context: CallContext) {
    return this.getDigestUseCase.execute(requireGrant(context), request); // counted where it is made, for as long as that takes
  }

  @Rpc(openContent)
  @Access('file.read')
  openContent(request: files.OpenContentRequest, context: CallContext) {
    return this.metrics.observe('open', () => this.openContentUseCase.execute(requireGrant(context), request));
  }
}
