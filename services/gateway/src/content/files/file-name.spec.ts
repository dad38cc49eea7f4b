import { attachment, decodeFileName, encodeFileName } from './file-name.js';

const refused = expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field: 'X-File-Name' } });

describe('file name', () => {
  it.each(['report.pdf', 'résumé final.pdf', '日本語 📎.txt', "it's 100% (new);.md", '\u202Egpj.exe', 'a/b\\c'])(
    'survives the way there: %s',
    (name) => {
      expect(decodeFileName(encodeFileName(name))).toBe(name);
    },
  );

  it.each([
    ['missing', undefined],
    ['twice', ["UTF-8''a", "UTF-8''b"]],
    ['empty', ''],
    ['without a name', "UTF-8''"],
    ['plain', 'report.pdf'],
    ['of another charset', "ISO-8859-1''a%E9"],
    ['with a language', "UTF-8'en'a"],
    ['half a character', "UTF-8''%C3"],
    ['overlong UTF-8', "UTF-8''%C0%AF"],
    ['a surrogate', "UTF-8''%ED%A0%80"],
    ['a broken escape', "UTF-8''%G0"],
    ['a raw space', "UTF-8''a b"],
    ['a raw quote', "UTF-8''a\"b"],
    ['a raw newline', "UTF-8''a\nb"],
    ['a NUL', "UTF-8''a%00b"],
    ['too many characters', `UTF-8''${'a'.repeat(256)}`],
    ['a huge header', `UTF-8''${'%F0%9F%93%8E'.repeat(400)}`],
  ])('is refused when %s', (_name, header) => {
    expect(() => decodeFileName(header)).toThrow(refused);
  });

  it('may have 255 characters, however many bytes they need', () => {
    expect([...decodeFileName(encodeFileName('📎'.repeat(255)))]).toHaveLength(255);
  });

  it('is always an attachment, and cannot leave its quotes', () => {
    expect(attachment('a"; filename="x.html\r\nSet-Cookie: a=b')).toBe(
      'attachment; filename="a__ filename=_x.html__Set-Cookie_ a_b"'.replace('filename=_', 'filename__') +
        "; filename*=UTF-8''a%22%3B%20filename%3D%22x.html%0D%0ASet-Cookie%3A%20a%3Db",
    );
    expect(attachment('..')).toContain('filename="_"');
    expect(attachment('日本')).toContain('filename="__"');
  });
});
