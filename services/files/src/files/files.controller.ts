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
    private readonly starting: StartUpload,
    private readonly listing: ListFiles,
    private readonly getting: GetFile,
    private readonly deleting: DeleteFile,
    private readonly opening: OpenContent,
    private readonly metrics: FilesMetrics,
  ) {}

  @Rpc(startUpload)
  @Access('file.share')
  startUpload(request: files.StartUploadRequest, context: CallContext) {
    return this.metrics.observe('start_upload', () => this.starting.execute(request, requirePrincipal(context)));
  }

  @Rpc(listFiles)
  @Access('file.list')
  listFiles(request: files.ListFilesRequest, context: CallContext) {
    return this.metrics.observe('list', () => this.listing.execute(request, requirePrincipal(context)));
  }

  @Rpc(getFile)
  @Access('file.read')
  getFile(request: files.GetFileRequest, context: CallContext) {
    return this.metrics.observe('get', () => this.getting.execute(request, requirePrincipal(context)));
  }

  @Rpc(deleteFile)
  @Access('file.delete')
  deleteFile(request: files.DeleteFileRequest, context: CallContext) {
    return this.metrics.observe('delete', () => this.deleting.execute(request, requirePrincipal(context)));
  }

  @Rpc(openContent)
  @Access('file.read')
  openContent(request: files.OpenContentRequest, context: CallContext) {
    return this.metrics.observe('open', () => this.opening.execute(request, requirePrincipal(context)));
  }
}
