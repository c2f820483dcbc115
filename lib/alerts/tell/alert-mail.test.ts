import { expect, it } from 'vitest'
import { newId } from '../../id.ts'
import { alertMail } from './alert-mail.ts'

/** What the outbox of 0.2.0 takes; it throws at a mail that it does not know. */
const TARGETS_OF_0_2_0 = ['jobs', 'mail']

it('a mail of alerts waits for an instance that knows it', () => {
  const { target } = alertMail({ workspace_id: newId(), member: newId(), items: [] })
  expect(TARGETS_OF_0_2_0).not.toContain(target)
})
