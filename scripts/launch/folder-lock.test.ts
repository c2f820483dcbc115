import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeFolderLock } from './folder-lock.mjs'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-lock-'))
  file = path.join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const take = (onWait: (pid: number) => void = () => undefined) => takeFolderLock(file, { onWait })

/** A process that takes the lock, shares it with a child of its own when asked, and says so. */
async function holder(script = '') {
  const source = `
    const { takeFolderLock } = await import(${JSON.stringify(path.join(import.meta.dirname, 'folder-lock.mjs'))})
    const lock = await takeFolderLock(${JSON.stringify(file)}, { onWait() {} })
    ${script}
    console.log('taken')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

async function killed(child: Awaited<ReturnType<typeof holder>>): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('the lock of a folder', () => {
  it('is one process’s at a time, and says whose', async () => {
    const first = await holder()
    const waits: number[] = []
    const second = take((pid) => waits.push(pid))
    await expect.poll(() => waits, { timeout: 30_000 }).toEqual([first.pid])
    await killed(first)
    const lock = await second
    expect(readFileSync(file, 'utf8')).toContain(`"pid":${process.pid}`)
    lock?.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('holds on while a child of the killed holder still works', async () => {
    const first = await holder(`
      const { spawn } = await import('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true })
      lock.shareWith(child.pid)`)
    const [, child] = JSON.parse(readFileSync(file, 'utf8'))
    await killed(first)
    const waits: number[] = []
    const second = take((pid) => waits.push(pid))
    await expect.poll(() => waits, { timeout: 30_000 }).toEqual([child.pid])
    process.kill(child.pid, 'SIGKILL')
    ;(await second)?.release()
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    [
      'of a process whose number another one has now',
      JSON.stringify([{ pid: process.ppid, born: 'long ago' }]),
    ],
    ['that a full disk cut off', '[{"pid"'],
  ])('is taken over from a file %s', async (_, text) => {
    writeFileSync(file, text)
    expect(await take()).not.toBeNull()
  })

  it('is given to all in turn who ask at once', async () => {
    writeFileSync(file, JSON.stringify([{ pid: 1, born: 'another life' }]))
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await take()
        most = Math.max(most, ++inside)
        await new Promise(setImmediate)
        inside--
        lock?.release()
      }),
    )
    expect(most).toBe(1)
  })

  it('is given up on when the waiting is over', async () => {
    const first = await holder()
    const state = { isOver: false }
    const second = takeFolderLock(file, { onWait: () => (state.isOver = true), isOver: () => state.isOver })
    expect(await second).toBeNull()
    await killed(first)
  })
})
