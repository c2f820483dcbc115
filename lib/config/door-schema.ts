import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { count } from './numbers.ts'

const network = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    'expected an address or a range, such as 10.0.0.5 or 10.0.0.0/8',
  )
const networks = z.array(network).max(100).default([])
const rate = z.number().int().min(0).max(1_000_000).optional()

/** Keys of the section security that are about the way in. */
export const DOOR = {
  allow_http: z
    .boolean()
    .default(false)
    .describe('With accounts, serve under an http address that is not loopback; OAuth is off there'),
  hsts_seconds: z
    .number()
    .int()
    .min(0)
    .max(100_000_000)
    .default(31_536_000)
    .describe('Where the public address is https, browsers use no other for this long; 0: do not say so'),
  trusted_proxies: networks.describe('Addresses and ranges of proxies whose forwarding headers count'),
  metrics_from: networks.describe('With accounts, addresses and ranges that may read /metrics without a key'),
}

/** Keys of the section limits that are about it. */
export const DOOR_LIMITS = {
  requests_per_second: rate.meta({
    description: 'Requests that one caller may send to one instance in a second; 0: any number',
    absent: '1000; any number in local mode',
  }),
  unknown_per_second: rate.meta({
    description:
      'Requests without a valid credential that one address may send to one instance in a second; 0: any number',
    absent: '20; any number in local mode',
  }),
  wrong_credentials: count(30, 1_000_000).describe(
    'Wrong keys and tokens that one address may send in 15 minutes; more are answered 429, and none is looked up that is new to the instance',
  ),
  credential_lookups: count(6, 1000).describe(
    'Keys, tokens and sessions that are new to an instance and are looked up at the same time; others wait',
  ),
  credential_lookups_waiting: count(1000, 100_000).describe(
    'Keys, tokens and sessions that may wait to be looked up; more are answered 503',
  ),
  credential_lookups_per_sender: count(200, 100_000).describe(
    'Of those, how many may be of one address (of IPv6 a /64); more are answered 429',
  ),
  registrations_per_hour: count(10, 1_000_000).describe(
    'OAuth clients that one address may register in an hour',
  ),
}
