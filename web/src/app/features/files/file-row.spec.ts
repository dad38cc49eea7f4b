import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { File as RoomFile } from '../../core/api/api';
import { Session } from '../../core/session/session';
import { Namesakes } from '../../shared/person/namesakes';
import { FileRow } from './file-row';
import { RoomFiles } from './room-files';

const owned = (id: string, displayName: string): RoomFile => ({
  id: `f-${id}`,
  name: 'plan.pdf',
  size: 3,
  type: '',
  sha256: '',
  status: 'available',
  owner: { id, displayName },
  createdAt: '2026-01-01T00:00:00Z',
  can: ['file.read'],
});

describe('the owners of files', () => {
  it('who have one name are told apart by the number that they have elsewhere', async () => {
    const namesakes = new Namesakes(() => [
      { id: 'u-1', name: 'Tom Strand' },
      { id: 'u-2', name: 'Tom Strand' },
    ]);
    TestBed.configureTestingModule({
      providers: [
        { provide: RoomFiles, useValue: { slug: signal('board'), leavingIds: signal(new Set()) } },
        { provide: Namesakes, useValue: namesakes },
        { provide: Session, useValue: { me: () => ({ id: 'u-3' }) } },
      ],
    });
    const facts = async (file: RoomFile) => {
      const fixture = TestBed.createComponent(FileRow);
      fixture.componentRef.setInput('file', file);
      await fixture.whenStable();
      const line = (fixture.nativeElement as HTMLElement).querySelector('.m')?.textContent ?? '';
      return line.replace(/[\u2066-\u2069]/g, '');
    };
    expect(await facts(owned('u-1', 'Tom Strand'))).toContain(', Tom Strand,');
    expect(await facts(owned('u-2', 'Tom Strand'))).toContain(', Tom Strand 2,');
  });
});
