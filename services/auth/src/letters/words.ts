import type { Language } from './language.js';

type At = (host: string) => string;

/** The words of all letters in one language; a language without all of them does not compile. */
interface Words {
  readonly codeIntro: string;
  readonly notYou: string;
  readonly signUp: { readonly subject: string; readonly intro: At; readonly link: string; readonly over: string };
  readonly known: { readonly subject: string; readonly intro: At; readonly what: string; readonly link: string };
  readonly recovery: { readonly subject: string; readonly intro: At; readonly link: string; readonly over: string };
  readonly changed: { readonly subject: string; readonly intro: At; readonly what: string };
  readonly address: { readonly subject: string; readonly intro: At; readonly link: string };
  readonly held: { readonly subject: string; readonly intro: At };
  readonly moved: {
    readonly subject: string;
    readonly intro: At;
    readonly what: string;
    readonly link: string;
    readonly over: string;
  };
}

/** The catalogue of letters. */
export const words: Readonly<Record<Language, Words>> = {
  en: {
    codeIntro: 'Type this code where you were asked for it:',
    notYou: 'If this was not you, do nothing: without this message nobody gets any further.',
    signUp: {
      subject: 'Your code for Conclave',
      intro: (host) => `Somebody creates an account at ${host} with this address.`,
      link: 'Or open this link',
      over: 'Code and link count for one hour and once.',
    },
    known: {
      subject: 'You have an account at Conclave already',
      intro: (host) => `Somebody wanted to create an account at ${host} with this address. It has one already.`,
      what: 'Sign in with your password. If you have forgotten it, choose a new one:',
      link: 'Choose a new password',
    },
    recovery: {
      subject: 'Choose a new password for Conclave',
      intro: (host) => `Somebody asked for a new password for your account at ${host}.`,
      link: 'Choose a new password',
      over: 'The link counts for one hour and once. It ends every session of your account.',
    },
    changed: {
      subject: 'Your password for Conclave was changed',
      intro: (host) => `The password of your account at ${host} was changed just now, and every session was ended.`,
      what: 'If this was not you, choose a new one at once:',
    },
    address: {
      subject: 'Your code for Conclave',
      intro: (host) => `Somebody wants to use this address for their account at ${host}.`,
      link: 'Or open this link where you are signed in',
    },
    held: {
      subject: 'This address has an account at Conclave',
      intro: (host) =>
        `Somebody wanted to use this address for another account at ${host}. It has one of its own, so nothing has changed.`,
    },
    moved: {
      subject: 'Your account at Conclave has another address now',
      intro: (host) => `Your account at ${host} was given another address just now. Messages go there from now on.`,
      what: 'If this was not you, take it back. Every session ends with that, and you choose a new password:',
      link: 'Take my account back',
      over: 'The link counts for seven days.',
    },
  },
  de: {
    codeIntro: 'Geben Sie diesen Code dort ein, wo danach gefragt wird:',
    notYou: 'Wenn Sie das nicht waren, tun Sie nichts: ohne diese Nachricht kommt niemand weiter.',
    signUp: {
      subject: 'Ihr Code für Conclave',
      intro: (host) => `Jemand legt bei ${host} mit dieser Adresse ein Konto an.`,
      link: 'Oder öffnen Sie diesen Link',
      over: 'Code und Link gelten eine Stunde lang und einmal.',
    },
    known: {
      subject: 'Sie haben bereits ein Konto bei Conclave',
      intro: (host) => `Jemand wollte bei ${host} mit dieser Adresse ein Konto anlegen. Sie hat schon eines.`,
      what: 'Melden Sie sich mit Ihrem Passwort an. Wenn Sie es vergessen haben, wählen Sie ein neues:',
      link: 'Neues Passwort wählen',
    },
    recovery: {
      subject: 'Neues Passwort für Conclave wählen',
      intro: (host) => `Jemand hat für Ihr Konto bei ${host} um ein neues Passwort gebeten.`,
      link: 'Neues Passwort wählen',
      over: 'Der Link gilt eine Stunde lang und einmal. Er beendet alle Sitzungen Ihres Kontos.',
    },
    changed: {
      subject: 'Ihr Passwort für Conclave wurde geändert',
      intro: (host) => `Das Passwort Ihres Kontos bei ${host} wurde soeben geändert, alle Sitzungen wurden beendet.`,
      what: 'Wenn Sie das nicht waren, wählen Sie sofort ein neues:',
    },
    address: {
      subject: 'Ihr Code für Conclave',
      intro: (host) => `Jemand möchte diese Adresse für sein Konto bei ${host} verwenden.`,
      link: 'Oder öffnen Sie diesen Link dort, wo Sie angemeldet sind',
    },
    held: {
      subject: 'Diese Adresse hat ein Konto bei Conclave',
      intro: (host) =>
        `Jemand wollte diese Adresse für ein anderes Konto bei ${host} verwenden. Sie hat ein eigenes, daher hat sich nichts geändert.`,
    },
    moved: {
      subject: 'Ihr Konto bei Conclave hat jetzt eine andere Adresse',
      intro: (host) =>
        `Ihr Konto bei ${host} hat soeben eine andere Adresse bekommen. Nachrichten gehen ab jetzt dorthin.`,
      what: 'Wenn Sie das nicht waren, holen Sie es zurück. Damit enden alle Sitzungen, und Sie wählen ein neues Passwort:',
      link: 'Mein Konto zurückholen',
      over: 'Der Link gilt sieben Tage lang.',
    },
  },
  ar: {
    codeIntro: 'اكتب هذا الرمز حيث طُلب منك:',
    notYou: 'إن لم تكن أنت من فعل ذلك فلا تفعل شيئًا: لا يصل أحد إلى شيء من دون هذه الرسالة.',
    signUp: {
      subject: 'رمزك في Conclave',
      intro: (host) => `ينشئ أحدهم حسابًا في ${host} بهذا العنوان.`,
      link: 'أو افتح هذا الرابط',
      over: 'الرمز والرابط صالحان لساعة واحدة ولمرة واحدة.',
    },
    known: {
      subject: 'لديك حساب في Conclave بالفعل',
      intro: (host) => `أراد أحدهم إنشاء حساب في ${host} بهذا العنوان، وله حساب بالفعل.`,
      what: 'سجّل الدخول بكلمة مرورك. وإن نسيتها فاختر كلمة جديدة:',
      link: 'اختيار كلمة مرور جديدة',
    },
    recovery: {
      subject: 'اختر كلمة مرور جديدة في Conclave',
      intro: (host) => `طلب أحدهم كلمة مرور جديدة لحسابك في ${host}.`,
      link: 'اختيار كلمة مرور جديدة',
      over: 'الرابط صالح لساعة واحدة ولمرة واحدة، وينهي كل جلسات حسابك.',
    },
    changed: {
      subject: 'تغيّرت كلمة مرورك في Conclave',
      intro: (host) => `تغيّرت كلمة مرور حسابك في ${host} الآن، وانتهت كل الجلسات.`,
      what: 'إن لم تكن أنت من فعل ذلك فاختر كلمة جديدة حالًا:',
    },
    address: {
      subject: 'رمزك في Conclave',
      intro: (host) => `يريد أحدهم استخدام هذا العنوان لحسابه في ${host}.`,
      link: 'أو افتح هذا الرابط حيث سجّلت الدخول',
    },
    held: {
      subject: 'لهذا العنوان حساب في Conclave',
      intro: (host) => `أراد أحدهم استخدام هذا العنوان لحساب آخر في ${host}. وله حساب خاص به، فلم يتغير شيء.`,
    },
    moved: {
      subject: 'صار لحسابك في Conclave عنوان آخر',
      intro: (host) => `صار لحسابك في ${host} عنوان آخر الآن، وتصل الرسائل إليه من الآن.`,
      what: 'إن لم تكن أنت من فعل ذلك فاستعد حسابك. تنتهي بذلك كل الجلسات وتختار كلمة مرور جديدة:',
      link: 'استعادة حسابي',
      over: 'الرابط صالح لسبعة أيام.',
    },
  },
};
