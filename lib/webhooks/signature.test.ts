import { expect, it } from 'vitest'
import { newWebhookSecret, signatureHeaders } from './signature.ts'

const SIGNED = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
}

it('signs as the libraries of Standard Webhooks check it', () => {
  expect(signatureHeaders(SIGNED, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
    'webhook-id': SIGNED.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

it('signs with each secret, and secrets are long and not alike', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  const signatures = signatureHeaders(SIGNED, secrets)['webhook-signature']?.split(' ')
  expect(new Set(signatures).size).toBe(2)
  for (const secret of secrets) expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32)
})
