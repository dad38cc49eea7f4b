import { files } from '@conclave/contracts';
import { Access, requireGrant, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { FilesMetrics } from '../files-metrics.js';
import { EndUpload } from './end-upload.js';
import { GetUpload } from './get-upload.js';
import { ListUploads } from './list-uploads.js';
import { ResumeUpload } from './resume-upload.js';

const { listUploads, getUpload, resumeUpload, endUpload } = files.UploadsService.method;

/** The door of unfinished uploads. Presence is proven before any of them runs. */
@Controller()
export class UploadsController {
  constructor(
    private readonly listUploadsUseCase: ListUploads,
    private readonly getUploadUseCase: GetUpload,
    private readonly resumeUploadUseCase: ResumeUpload,
    private readonly endUploadUseCase: EndUpload,
    private readonly metrics: FilesMetrics,
  ) {}

  @Rpc(listUploads)
  @Access('file.share')
  listUploads(request: files.ListUploadsRequest, context: CallContext) {
    return this.metrics.observe('list_uploads', () => this.listUploadsUseCase.execute(requireGrant(context), request));
  }

  @Rpc(getUpload)
  @Access('file.share')
  getUpload(request: files.GetUploadRequest, context: CallContext) {
    return this.metrics.observe('get_upload', () => this.getUploadUseCase.execute(requireGrant(context), request));
  }

  @Rpc(resumeUpload)
  @Access('file.share')
  resumeUpload(request: files.ResumeUploadRequest, context: CallContext) {
    return this.metrics.observe('resume_upload', () =>
      this.resumeUploadUseCase.execute(requireGrant(context), request),
    );
  }

  @Rpc(endUpload)
  @Access('file.share')
  endUpload(request: files.EndUploadRequest, context: CallContext) {
    return this.metrics.observe('end_upload', () => this.endUploadUseCase.execute(requireGrant(context), request));
  }
}
