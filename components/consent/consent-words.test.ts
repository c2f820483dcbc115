import { expect, it } from 'vitest'
import type { ConsentQuestion } from '#lib/oauth/schema.ts'
import { voucher, warning } from './consent-words.ts'

const question = (
  client: Partial<ConsentQuestion['client']>,
  redirect: ConsentQuestion['redirect'],
): ConsentQuestion => ({
  client: { name: 'Tool', uri: null, origin: 'registration', host: null, ...client },
  redirect,
  scopes: [],
  person: { id: 'p', display: 'Ada' },
})
const REMOTE = { host: 'tool.example', isLoopback: false }
const LOOPBACK = { host: '127.0.0.1:5000', isLoopback: true }

it('says who vouches for a name, and that nobody does', () => {
  expect(voucher(question({ origin: 'document', host: 'tool.example' }, REMOTE).client)).toContain(
    'tool.example',
  )
  expect(voucher(question({ origin: 'configured' }, REMOTE).client)).toContain('operator')
  expect(voucher(question({}, REMOTE).client)).toContain('Nobody has checked')
})

it('warns of programs on this computer, and of names that nobody checked', () => {
  expect(warning(question({ origin: 'document', host: 'tool.example' }, LOOPBACK))).toContain('this computer')
  expect(warning(question({}, REMOTE))).toContain('tool.example')
  expect(warning(question({ origin: 'configured' }, REMOTE))).toBeUndefined()
})
