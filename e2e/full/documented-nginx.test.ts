import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readBlocks } from '../../scripts/docs/blocks.ts'
import { findNginx, makeCertificate } from './nginx.ts'

const run = promisify(execFile)
const EXAMPLES = readBlocks().filter(({ language }) => language === 'nginx')

it('there is an example', () => {
  expect(EXAMPLES).not.toEqual([])
})

it.each(EXAMPLES.map(({ place, text }) => [place, text]))('nginx takes %s', async (_, text) => {
  const program = await findNginx()
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-documented-nginx-'))
  const certificate = makeCertificate(folder)
  // What a server's own settings have: a certificate, and places that the test may write to.
  const file = path.join(folder, 'nginx.conf')
  await writeFile(
    file,
    `pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  ssl_certificate ${certificate}; ssl_certificate_key ${folder}/key.pem; access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
${text}
}
`,
  )
  const { stderr } = await run(program, ['-t', '-e', path.join(folder, 'error.log'), '-c', file])
  expect(stderr).toContain('test is successful')
  expect(stderr).not.toContain('[warn]')
  await rm(folder, { recursive: true })
})
