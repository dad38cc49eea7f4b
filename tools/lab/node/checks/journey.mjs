// People in Chromium, through the Service of the gateway and the node's ports of the media server.
import { expect } from '../../report.mjs';
import { openFrontDoor } from '../front-door.mjs';
import { playwright } from '../playwright.mjs';

const tail = (words) => words.split('\n').slice(-60).join('\n');

export async function journeyChecks({ release, report }) {
  const door = await openFrontDoor(await release.clusterIp('gateway'));
  try {
    await report.check(
      'a journey in Chromium: two people, camera and microphone, chat, a sealed file that closes behind who leaves',
      async () => {
        const { code, words } = await playwright('meeting.spec.ts', { CONCLAVE_URL: door.url });
        expect(code === 0, tail(words));
      },
    );
  } finally {
    door.close();
  }
}
