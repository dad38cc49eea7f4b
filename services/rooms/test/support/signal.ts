import { SignalResponse } from '@livekit/protocol';
import type { Stage } from './stage.js';

const patienceMs = 40_000;

/** Connects to LiveKit's signalling as a browser does and takes the fresh token that it hands out there. */
export function refreshedToken(stage: Pick<Stage, 'livekit'>, mediaToken: string): Promise<string> {
  const url = new URL('/rtc', stage.livekit.url.replace(/^http/, 'ws'));
  url.search = new URLSearchParams({
    access_token: mediaToken,
    protocol: '16',
    sdk: 'js',
    auto_subscribe: '0',
  }).toString();
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no token was refreshed')), patienceMs);
    socket.onmessage = ({ data }: MessageEvent) => {
      const { message } = SignalResponse.fromBinary(new Uint8Array(data as ArrayBuffer));
      if (message.case !== 'refreshToken') return;
      clearTimeout(timer);
      resolve(message.value);
    };
    socket.onerror = () => {
      clearTimeout(timer);
      reject(new Error('the media server refused the connection'));
    };
  }).finally(() => socket.close());
}
