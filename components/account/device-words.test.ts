import { expect, it } from 'vitest'
import { deviceWords, placeWords } from './device-words.ts'

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1',
    'Chrome on iPhone',
  ],
  ['curl/8.9.1', 'curl'],
  ['', 'Unknown device'],
  [null, 'Unknown device'],
])('tells of %j', (userAgent, words) => expect(deviceWords(userAgent)).toBe(words))

it.each([
  ['127.0.0.1', 'the server’s own machine'],
  ['::1', 'the server’s own machine'],
  ['::ffff:127.0.0.1', 'the server’s own machine'],
  ['192.168.1.7', 'the private network (192.168.1.7)'],
  ['172.20.0.3', 'the private network (172.20.0.3)'],
  ['172.32.0.3', '172.32.0.3'],
  ['fd00::1', 'the private network (fd00::1)'],
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  [null, 'an unknown address'],
])('tells where %j is', (address, words) => expect(placeWords(address)).toBe(words))
