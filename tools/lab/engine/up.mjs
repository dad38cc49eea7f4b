// `node tools/lab/engine/up.mjs`: an engine and the images of the servers, for hands. Prints what to export.
import { engineUp, NoEngine } from './engine.mjs';
import { obtainImages } from './images.mjs';

const say = (line) => console.error(line);
try {
  const engine = await engineUp(say);
  await obtainImages(engine.host, say);
  console.log(engine.host ? `export DOCKER_HOST=${engine.host}` : '# the engine of this machine');
} catch (error) {
  if (!(error instanceof NoEngine)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
