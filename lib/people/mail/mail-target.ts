import { appError } from '../../errors.ts'
import type { OutboxMessage, Target } from '../../outbox/message.ts'
import { getRuntime } from '../../runtime.ts'

/** Sends the mails of messages. */
export type MailSender = (messages: readonly OutboxMessage[]) => Promise<void>

const holder = (): { sender: MailSender | undefined } =>
  getRuntime().once('people.mail-sender', () => ({ sender: undefined }))

/** Called once, by what starts the app: the outbox knows nothing of people. */
export function setMailSender(sender: MailSender): void {
  holder().sender = sender
}

/** Whether mails are sent at all: links are handed over by hand where no server for mail is configured. */
export function mailsAreSent(): boolean {
  return getRuntime().config.mail.host !== undefined
}

/** Where the outbox sends mails to. */
export const mailTarget: Target = {
  // They go one after another, all within the time in which an instance has them for itself.
  most: 20,
  isReady: () => mailsAreSent() && holder().sender !== undefined,
  send(messages) {
    const { sender } = holder()
    if (sender === undefined) throw appError('unavailable', 'Mails are not sent yet.', { retryAfter: 2 })
    return sender(messages)
  },
}

/*
 * A message names whom to write to and holds no secret: the link is made when the mail is sent, and the one of a mail
 * that is sent again takes its place.
 */

/** The message that sends an invitation. */
export function invitationMail(workspaceId: string, id: string): OutboxMessage {
  const name = 'mail/invitation'
  return { target: 'mail', subject: id, id: `${name} ${id}`, name, data: { workspace_id: workspaceId, id } }
}

/** The message that sends a link for a new password. @param turn two of one turn are one */
export function resetMail(personId: string, turn: number): OutboxMessage {
  const name = 'mail/reset'
  return {
    target: 'mail',
    subject: personId,
    id: `${name} ${personId} ${turn}`,
    name,
    data: { id: personId },
  }
}
