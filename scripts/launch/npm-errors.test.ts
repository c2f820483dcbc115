import { expect, it } from 'vitest'
import { explainNpm, isDisturbed } from './npm-errors.mjs'

const failed = (code: string) => ({
  code: 1,
  signal: null,
  output: `npm warn old\nnpm error code ${code}\nnpm error more`,
})

it.each([
  ['ENOTFOUND', 'network'],
  ['ETIMEDOUT', 'network'],
  ['E503', 'network'],
  ['E404', 'does not give every package'],
  ['EINTEGRITY', 'does not give every package'],
  ['ENOSPC', 'disk is full'],
  ['EACCES', 'may not write here'],
  ['ENOTEMPTY', 'changes node_modules at the same time'],
  ['EUSAGE', "npm's own log"],
])('says what npm’s %s means, and nothing else', (code, meaning) => {
  const { message } = explainNpm('ci', failed(code))
  expect(message).toContain(`npm error code ${code}`)
  expect(message).toContain(meaning)
  expect(message).not.toContain('npm warn')
  expect(message.includes('Check the network')).toBe(meaning === 'network')
})

it('tells an install that was ended from one that failed', () => {
  expect(explainNpm('ci', { code: 1, signal: 'SIGKILL', output: '' }).message).toContain(
    'was ended (SIGKILL)',
  )
})

it('knows the errors of two installs in one folder', () => {
  expect(['ENOTEMPTY', 'EEXIST', 'ENOTFOUND'].map((code) => isDisturbed(failed(code).output))).toEqual([
    true,
    true,
    false,
  ])
})
