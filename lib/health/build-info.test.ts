import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { commitOf } from './build-info.ts'

const COMMIT = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'incipit-commit-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), `${text}\n`)
}

it('is that of the branch, also when git has packed it', () => {
  write('.git/HEAD', 'ref: refs/heads/main')
  write('.git/packed-refs', `# pack-refs with: peeled\n${OTHER} refs/heads/other\n${COMMIT} refs/heads/main`)
  expect(commitOf(root)).toBe(COMMIT)
  write('.git/refs/heads/main', OTHER)
  expect(commitOf(root)).toBe(OTHER)
})

it('is that of the checkout without a branch', () => {
  write('.git/HEAD', COMMIT)
  expect(commitOf(root)).toBe(COMMIT)
})

it('is found from a worktree', () => {
  write('home/HEAD', 'ref: refs/heads/main')
  write('home/refs/heads/topic', COMMIT)
  write('home/worktrees/one/HEAD', 'ref: refs/heads/topic')
  write('home/worktrees/one/commondir', '../..')
  write('.git', `gitdir: ${path.join(root, 'home/worktrees/one')}`)
  expect(commitOf(root)).toBe(COMMIT)
})

it('is not known outside of a clone', () => {
  expect(commitOf(root)).toBeUndefined()
  write('.git/HEAD', 'ref: refs/heads/unborn')
  expect(commitOf(root)).toBeUndefined()
})
