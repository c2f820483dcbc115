import { describe, expect, it } from 'vitest'
import { addFiles, formatBytes, limitFault, reasonToLeave, sift } from './brought.ts'

const file = (path: string, text = 'x') => ({ path, blob: new Blob([text]) })
const found = (path: string) => ({ path, file: new File(['x'], path) })

describe('files that are brought', () => {
  it('leaves hidden files and packages of folders behind, and counts them', () => {
    const { taken, leftOut } = sift(
      ['a/b.md', 'a/.env', 'a/.git/config', 'a/node_modules/p/x.md', 'a/__MACOSX/b.md', '.DS_Store'].map(
        found,
      ),
    )
    expect(taken.map(({ path }) => path)).toEqual(['a/b.md'])
    expect(leftOut).toEqual({ hidden: 4, packages: 1, unreadable: [] })
  })

  it('takes a hidden folder or file that was chosen itself', () => {
    expect(reasonToLeave('.claude/skills/note/SKILL.md')).toBeUndefined()
    expect(reasonToLeave('.cursorrules')).toBeUndefined()
    expect(reasonToLeave('.env.local')).toBe('hidden')
    expect(reasonToLeave('repository/.claude/skills/note/SKILL.md')).toBe('hidden')
  })

  it('keeps both of two files that some systems take for one', () => {
    const all = addFiles([file('prompt.md', 'one')], [file('PROMPT.md', 'two'), file('prompt.md', 'three')])
    expect(all.map(({ path }) => path)).toEqual(['prompt.md', 'PROMPT (2).md', 'prompt (3).md'])
    expect(addFiles([file('a/x.prompt.yml')], [file('a/x.prompt.yml')])[1]?.path).toBe('a/x (2).prompt.yml')
  })

  it('says what is too much, with what would go', () => {
    const limits = { files: 2, bytes: 2048 }
    expect(limitFault(2, 2048, limits)).toBeUndefined()
    expect(limitFault(3, 1, limits)).toContain('These are 3 files; an import takes 2 at most.')
    expect(limitFault(1, 4096, limits)).toContain('These are 4 kB; an import takes 2 kB at most.')
  })

  it('writes sizes as the limits are counted', () => {
    expect([1023, 1536, 67_108_864].map(formatBytes)).toEqual(['1023 B', '1.5 kB', '64 MB'])
  })
})
