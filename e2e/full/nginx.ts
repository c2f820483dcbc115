import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installDebianPackage } from '../../scripts/debian-package.mjs'
import { until } from '../faults/harness/until.ts'
import { freePort } from '../start-app.ts'

const PROGRAM = '/usr/sbin/nginx'

/** nginx with TLS in front of apps, as docs/operating.md shows it. */
export interface Balancer {
  readonly port: number
  /** The certificate that it answers with, in PEM. */
  readonly certificate: string
  /** Hands requests to these ports of this machine from now on, in turns. What is being answered is not broken off. */
  serve(ports: number[]): Promise<void>
  stop(): Promise<void>
}

/** How nginx treats an instance that does not answer. */
interface BalancerOptions {
  /** Leaves it out for a second, as docs/scale.md shows it; otherwise whoever calls `serve` leaves it out. */
  leavesOut?: boolean
}

/** Starts Debian's nginx on a free port of this machine; it is installed when it is missing and we are root. */
export async function startBalancer({ leavesOut = false }: BalancerOptions = {}): Promise<Balancer> {
  await findNginx()
  const folder = await mkdtemp(path.join(tmpdir(), 'incipit-nginx-'))
  await chmod(folder, 0o755)
  const certificate = makeCertificate(folder)
  const port = await freePort()
  let child: ChildProcess | undefined
  const stop = async () => {
    if (child?.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
  return {
    port,
    certificate,
    async serve(ports) {
      const upstream = ports.map(
        (each) => `server 127.0.0.1:${each}${leavesOut ? ' max_fails=1 fail_timeout=1s' : ''};`,
      )
      await writeFile(path.join(folder, 'nginx.conf'), configuration(folder, port, upstream))
      if (child !== undefined) return reload(child.pid ?? 0)
      child = spawn(PROGRAM, ['-e', path.join(folder, 'error.log'), '-c', path.join(folder, 'nginx.conf')], {
        stdio: 'inherit',
      })
      await until('nginx listens', () => listens(port))
    },
    async stop() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Workers with the new configuration take over; waits until those before have answered what they had, and ended. */
async function reload(pid: number): Promise<void> {
  const before = new Set(workersOf(pid))
  process.kill(pid, 'SIGHUP')
  await until('nginx has taken the new configuration', () => {
    const now = workersOf(pid)
    return now.length > 0 && now.every((id) => !before.has(id))
  })
}

function workersOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
}

/** Debian's nginx; it is installed when it is missing and we are root. */
export async function findNginx(): Promise<string> {
  if (!existsSync(PROGRAM)) await installDebianPackage('nginx-light')
  if (!existsSync(PROGRAM)) throw new Error('nginx is missing: apt-get install nginx-light')
  return PROGRAM
}

/** Makes a certificate for this machine; its key is beside it as key.pem. Returns the file. */
export function makeCertificate(folder: string): string {
  const [key, file] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', file, ...names], {
    stdio: 'ignore',
  })
  return file
}

function configuration(folder: string, port: number, upstream: string[]): string {
  return `daemon off; user root; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream incipit { ${upstream.join(' ')} keepalive 16; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    location / {
      proxy_pass http://incipit;
      proxy_http_version 1.1;
      proxy_connect_timeout 1s;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_buffering off;
      proxy_read_timeout 1h;
    }
  }
}
`
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
