const attempts = 3;

/**
 * Connects to a server of a spec. On a machine busy with other things even a handshake on loopback may time out; anything else
 * that is wrong shows at once.
 */
export async function patiently<T>(connect: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await connect();
    } catch (error) {
      if (attempt === attempts || !/timeout/i.test(String(error))) throw error;
    }
}
