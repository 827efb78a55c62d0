"""What is said in the pictures of `docs/screens.py`; languages that are not here speak English."""

NAMES = {"en": "Camille Roy", "fr": "Camille Roy", "ar": "كميل روا", "ja": "山田 花子"}
EMOJI = "👋🙂"
# Own, the agent's twice, own with the other direction inside, a line of the other direction, a word without end.
TALK = {
    "en": (
        "Hello! Does the Aube lamp also come with a black cable?",
        "Hello! It does: choose the Slate finish. See https://maison-lumen.example/aube?finish=slate&cable=black 🙂",
        "Ordered before 14:00 it leaves us today.",
        "On the box it says «مصباح الفجر» (ML-20391) – is that the same?",
        "نعم، هو نفسه: Aube رقم ML-20391.",
    ),
    "fr": (
        "Bonjour ! La lampe Aube existe-t-elle aussi avec un câble noir ?",
        "Bonjour ! Oui, avec la finition Ardoise : https://maison-lumen.example/aube?finition=ardoise&cable=noir 🙂",
        "Commandée avant 14 h, elle part aujourd’hui.",
        "Sur la boîte, je lis « مصباح الفجر » (ML-20391) : est-ce la même ?",
        "نعم، هو نفسه: Aube رقم ML-20391.",
    ),
    "ar": (
        "مرحبًا! هل يتوفر مصباح Aube بسلك أسود أيضًا؟",
        "أهلًا بك! نعم، اختر اللون الأردوازي: https://maison-lumen.example/aube?finish=slate&cable=black 🙂",
        "إذا طلبته قبل الساعة 14:00 فسنرسله اليوم.",
        "مكتوب على العلبة «Aube lamp» ‏(ML-20391)، هل هو نفسه؟",
        "Yes, it is the same one: «مصباح الفجر», ML-20391.",
    ),
    "ja": (
        "こんにちは。オーブのランプに黒いコードのものはありますか。",
        "はい、スレート仕上げをお選びください。詳細：https://maison-lumen.example/aube?cable=black 🙂",
        "14時までのご注文は本日発送いたします。",
        "箱に「مصباح الفجر」（ML-20391）とありますが、同じものですか。",
        "نعم، هو نفسه: Aube رقم ML-20391.",
    ),
}
ENDLESS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
