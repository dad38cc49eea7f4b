import { files } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import { DeleteFile } from './delete-file.js';
import { GetFile } from './get-file.js';
import { ListFiles } from './list-files.js';
import { OpenContent } from './open-content.js';
import { StartUpload } from './start-upload.js';

const { startUpload, listFiles, getFile, deleteFile, openContent } = files.FilesService.method;

/** The door of the file index. Every use case proves presence before it says anything about the room. */
@Controller()
export class FilesController {
  constructor(
    private readonly startUploadUseCase: StartUpload,
    private readonly listFilesUseCase: ListFiles,
    private readonly getFileUseCase: GetFile,
    private readonly deleteFileUseCase: DeleteFile,
    private readonly openContentUseCase: OpenContent,
    private readonly metrics: FilesMetrics,
  ) {}

  @Rpc(startUpload)
  @Access('file.share')
  startUpload(request: files.StartUploadRequest, context: CallContext) {
    return this.metrics.observe('start_upload', () =>
      this.startUploadUseCase.execute(request, requirePrincipal(context)),
    );
  }

  @Rpc(listFiles)
  @Access('file.list')
  listFiles(request: files.ListFilesRequest, context: CallContext) {
    return this.metrics.observe('list', () => this.listFilesUseCase.execute(request, requirePrincipal(context)));
  }

  @Rpc(getFile)
  @Access('file.read')
  getFile(request: files.GetFileRequest, context: CallContext) {
    return this.metrics.observe('get', () => this.getFileUseCase.execute(request, requirePrincipal(context)));
  }

  @Rpc(deleteFile)
  @Access('file.delete')
  deleteFile(request: files.DeleteFileRequest, context: CallContext) {
    return this.metrics.observe('delete', () => this.deleteFileUseCase.execute(request, requirePrincipal(context)));
  }

  @Rpc(openContent)
  @Access('file.read')
  openContent(request: files.OpenContentRequest, context: CallContext) {
    return this.metrics.observe('open', () => this.openContentUseCase.execute(request, requirePrincipal(context)));
  }
}
