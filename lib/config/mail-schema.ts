import { z } from 'zod'
import { milliseconds } from './numbers.ts'

/** The section mail. */
export const Mail = z
  .strictObject({
    host: z.string().min(1).max(255).optional().meta({
      description: 'SMTP server that sends invitations, links for a new password, and alerts',
      absent: 'no mail is sent: links are handed over by hand',
    }),
    port: z.number().int().min(1).max(65_535).default(587).describe('Its port'),
    tls: z
      .enum(['starttls', 'implicit', 'off'])
      .default('starttls')
      .describe(
        'starttls: encrypted after the greeting, else nothing is sent; implicit: from the first byte',
      ),
    user: z.string().min(1).max(255).optional().meta({
      description: 'User that signs in with `INCIPIT_MAIL_PASSWORD`',
      absent: 'no sign-in',
    }),
    from: z.string().min(3).max(320).optional().meta({
      description: 'Sender of the mails, such as `Incipit <incipit@example.org>`',
      absent: '`mail.user`',
    }),
    send_ms: milliseconds(20_000).describe('Time for the server to take a mail'),
  })
  .refine(({ host, from, user }) => host === undefined || from !== undefined || user !== undefined, {
    message: 'a mail server needs a sender: set mail.from',
    path: ['from'],
  })
