// What must never be wrong: sealed files and their keys.
import { alert, example, group } from './kit.mjs';

export default group('vault', 'Sealed files and their keys', [
  alert('FilesIntegrityFailure', {
    expr: 'sum by (namespace) (increase(files_integrity_failures_total[15m])) > 0',
    severity: 'critical',
    summary: 'A sealed file did not verify. It was not released, but somebody or something changed what is stored.',
    dashboard: 'conclave-files',
    fires: example('15m', { 'files_integrity_failures_total{job="files"}': '0x5 1x20' }),
    quiet: [example('40m', { 'files_integrity_failures_total{job="files"}': '3x60' })],
  }),
  alert('FilesObjectsMissing', {
    expr: 'max by (namespace) (files_index_missing_objects) > 0',
    severity: 'critical',
    summary: 'Objects of files are gone from the bucket: their files are lost unless the bucket is restored.',
    dashboard: 'conclave-files',
    fires: example('5m', { 'files_index_missing_objects{job="files"}': '2x10' }),
    quiet: [example('5m', { 'files_index_missing_objects{job="files"}': '0x10' })],
  }),
  alert('OrphanObjects', {
    expr: 'max by (namespace) (max_over_time(files_orphan_objects[3h])) > 50',
    for: '15m',
    severity: 'warning',
    summary: 'Sweeps keep finding many objects without a file: uploads die half way.',
    dashboard: 'conclave-files',
    fires: example('30m', { 'files_orphan_objects{job="files"}': '120x60' }),
    quiet: [example('30m', { 'files_orphan_objects{job="files"}': '4x60' })],
  }),
  alert('KekMissing', {
    expr:
      '(count by (namespace) (up{job="files"} == 1) unless count by (namespace) (files_kek_version_info == 1)) > 0\n' +
      'or\ncount by (namespace) (count by (namespace, version) (files_kek_version_info == 1)) > 1',
    for: '30m',
    severity: 'critical',
    summary: 'Replicas of files have no active key-encryption key, or not the same one.',
    dashboard: 'conclave-files',
    fires: example('40m', {
      'up{job="files",instance="a"}': '1x60',
      'up{job="files",instance="b"}': '1x60',
      'files_kek_version_info{job="files",instance="a",version="v1"}': '1x60',
      'files_kek_version_info{job="files",instance="b",version="v1"}': '0x60',
      'files_kek_version_info{job="files",instance="b",version="v2"}': '1x60',
    }),
    quiet: [
      example('40m', {
        'up{job="files",instance="a"}': '1x60',
        'files_kek_version_info{job="files",instance="a",version="v1"}': '0x60',
        'files_kek_version_info{job="files",instance="a",version="v2"}': '1x60',
      }),
    ],
  }),
]);
