"""ICAO 9303-11's worked examples, step by step: appendices D (BAC, secure messaging), F (RSA), G, H, I (PACE)."""

import hashlib

import pytest

from hardware.card import bac, pace
from hardware.card.apdu import Command, Response
from hardware.card.channel import Channel
from hardware.card.curves import BY_NAME, Point
from hardware.card.errors import SecureMessagingError
from hardware.card.groups import DH_GROUPS, EcGroup, encode_to_point, pseudo_random, public_key_template
from hardware.card.iso9796 import _holds
from hardware.card.passwords import Mrz
from hardware.card.public_keys import EcKey, parse_public_key
from hardware.card.secure_messaging import SecureMessaging
from hardware.card.security_infos import parse_security_infos
from hardware.card.symmetric import (
    KDF_PACE,
    SessionKeys,
    Suite,
    cbc_decrypt,
    kdf,
    session_keys,
    token_mac,
    zero_iv,
)
from tests.hardware.card.worked_example_kit import Drawn, ScriptedLink, unhex

BRAINPOOL = BY_NAME["brainpoolP256r1"]
MODP1024 = DH_GROUPS[0]


def point(x: str, y: str) -> Point:
    return Point(int.from_bytes(unhex(x)), int.from_bytes(unhex(y)))


# --- Appendix D: BAC and secure messaging ----------------------------------------

SPECIMEN = Mrz("L898902C<", "690806", "940623")


def test_d2_access_keys_come_from_the_zone() -> None:
    assert SPECIMEN.information == b"L898902C<369080619406236"
    assert hashlib.sha1(SPECIMEN.information, usedforsecurity=False).digest()[:16] == unhex(
        "239AB9CB282DAF66231DC5A4DF6BFBAE"
    )
    enc, mac = bac.access_keys(SPECIMEN)
    assert enc == unhex("AB94FDECF2674FDFB9B391F85D7F76F2")
    assert mac == unhex("7962D9ECE03D1ACD4C76089DCE131543")


def test_d3_mutual_authentication_and_d4_protected_reads() -> None:
    link = ScriptedLink(
        [
            ("00 84 00 00 08", "4608F91988702212 9000"),
            (
                "00 82 00 00 28 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7 28",
                "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449 9000",
            ),
            ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
            ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
            (
                "0CB000040D9701128E082EA28A70F3C7B53500",
                "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
            ),
        ]
    )
    channel = Channel(link)
    drawn = Drawn(octets=["781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"])
    session = bac.run(channel, SPECIMEN, random=drawn)
    assert bytes(session.keys.enc) == unhex("979EC13B1CBFE9DCD01AB0FED307EAE5")
    assert bytes(session.keys.mac) == unhex("F1CB1F1FB5ADF208806B89DC579DC1F8")
    assert session.counter == 0x887022120C06C226
    channel.protect(session)
    assert channel.send(Command(0xA4, 0x02, 0x0C, b"\x01\x1e")).ok
    first = channel.demand(Command(0xB0, 0, 0, le=4))
    rest = channel.demand(Command(0xB0, 0, 4, le=18))
    assert first + rest == unhex("60145F0104303130365F36063034303030305C026175")
    assert session.counter == 0x887022120C06C22C
    assert link.finished


def test_d4_refuses_the_same_answer_twice() -> None:
    keys = SessionKeys(
        Suite.DES3,
        bytearray(unhex("979EC13B1CBFE9DCD01AB0FED307EAE5")),
        bytearray(unhex("F1CB1F1FB5ADF208806B89DC579DC1F8")),
    )
    session = SecureMessaging(keys, 0x887022120C06C227)
    answer = Response(unhex("990290008E08FA855A5D4C50A8ED"), 0x9000)
    assert session.unwrap(answer).ok
    with pytest.raises(SecureMessagingError):
        session.unwrap(answer)


# --- Appendix F: Active Authentication with RSA ----------------------------------------

RECOVERED = unhex(
    """6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303CD6C
    98599F40B79F377B5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A207446DAD
    4E7292E2DCDA3024B47DA8C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC"""
)


def test_f_the_recovered_message_holds_for_its_challenge_only() -> None:
    challenge = unhex("F173589974BF40C6")
    assert _holds(RECOVERED, 1024, challenge)
    assert not _holds(RECOVERED, 1024, bytes(8))
    for place in (0, 1, 90, 110, 127):
        broken = bytearray(RECOVERED)
        broken[place] ^= 1
        assert not _holds(bytes(broken), 1024, challenge)


# --- Appendix G.1: PACE, generic mapping, ECDH ----------------------------------------

HOLDER = Mrz("T22000129", "640812", "101031")

G1_EXCHANGE = [
    ("00 22 C1 A4 0F 80 0A 04 00 7F 00 07 02 02 04 02 02 83 01 01", "90 00"),
    ("10 86 00 00 02 7C 00 00", "7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"),
    (
        """10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB672521879
        9115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00""",
        """7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4
        D52EB87A0A0C709A49DC63719363CCD13C549000""",
    ),
    (
        """10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857
        B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200""",
        """7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9C
        B852E111B768B326904B59A0193776F0949000""",
    ),
    ("00 86 00 00 0C 7C 0A 85 08 C2B0BD78D94BA866 00", "7C 0A 86 08 3ABB9674BCE93C08 9000"),
]


def test_g_password_and_key() -> None:
    assert HOLDER.secret == unhex("7E2D2A41 C74EA0B3 8CD36F86 3939BFA8 E9032AAD")
    assert kdf(HOLDER.secret, KDF_PACE, Suite.AES128) == unhex("89DED1B2 6624EC1E 634C1989 302849DD")


def test_g1_nonce_mapping_and_agreement_step_by_step() -> None:
    key = kdf(HOLDER.secret, KDF_PACE, Suite.AES128)
    nonce = cbc_decrypt(Suite.AES128, key, zero_iv(Suite.AES128), unhex("95A3A016522EE98D01E76CB6B98B42C3"))
    assert nonce == unhex("3F00C4D3 9D153F2B 2A214A07 8D899B22")
    group = EcGroup(BRAINPOOL)
    chip = point(
        "824FBA91 C9CBE26B EF53A0EB E7342A3B F178CEA9 F45DE0B7 0AA60165 1FBA3F57",
        "30D8C879 AAA9C9F7 3991E61B 58F4D52E B87A0A0C 709A49DC 63719363 CCD13C54",
    )
    secret = int.from_bytes(unhex("7F4EF07B 9EA82FD7 8AD689B3 8D0BC78C F21F249D 953BC46F 4C6E1925 9C010F99"))
    assert BRAINPOOL.multiply(secret, chip) == point(
        "60332EF2 450B5D24 7EF6D386 8397D398 852ED6E8 CAF6FFEE F6BF85CA 57057FD5",
        "0840CA74 15BAF3E4 3BD414D3 5AA4608B 93A2CAF3 A4E3EA4E 82C9C13D 03EB7181",
    )
    assert group.map_generic(nonce, secret, chip) == point(
        "8CED63C9 1426D4F0 EB1435E7 CB1D74A4 6723A0AF 21C89634 F65A9AE8 7A9265E2",
        "8C879506 743F8611 AC33645C 5B985C80 B5F09A0B 83407C1B 6A4D857A E76FE522",
    )


def test_g1_whole_run() -> None:
    link = ScriptedLink(G1_EXCHANGE)
    info = parse_security_infos(unhex("3114 3012060A04007F0007020204020202010202010D")).pace[0]
    drawn = Drawn(
        secrets=[
            "7F4EF07B 9EA82FD7 8AD689B3 8D0BC78C F21F249D 953BC46F 4C6E1925 9C010F99",
            "A73FB703 AC1436A1 8E0CFA5A BB3F7BEC 7A070E7A 6788486B EE230C4A 22762595",
        ]
    )
    result = pace.run(Channel(link), info, HOLDER, random=drawn)
    assert bytes(result.session.keys.enc) == unhex("F5F0E35C 0D7161EE 6724EE51 3A0D9A7F")
    assert bytes(result.session.keys.mac) == unhex("FE251C78 58B356B2 4514B3BD 5F4297D1")
    assert result.session.counter == 0
    assert result.chip_mapping is None
    assert link.finished


def test_g1_a_wrong_token_of_the_card_is_refused() -> None:
    exchange = [*G1_EXCHANGE[:-1], (G1_EXCHANGE[-1][0], "7C 0A 86 08 3ABB9674BCE93C09 9000")]
    info = parse_security_infos(unhex("3114 3012060A04007F0007020204020202010202010D")).pace[0]
    drawn = Drawn(
        secrets=[
            "7F4EF07B 9EA82FD7 8AD689B3 8D0BC78C F21F249D 953BC46F 4C6E1925 9C010F99",
            "A73FB703 AC1436A1 8E0CFA5A BB3F7BEC 7A070E7A 6788486B EE230C4A 22762595",
        ]
    )
    with pytest.raises(SecureMessagingError):
        pace.run(Channel(ScriptedLink(exchange)), info, HOLDER, random=drawn)


# --- Appendix G.2: PACE, generic mapping, DH ----------------------------------------

G2_CHIP_MAP = """78879F57 225AA808 0D52ED0F C890A4B2 5336F699 AA89A2D3 A189654A F70729E6 23EA5738 B26381E4 DA19E004
    706FACE7 B235C2DB F2F38748 312F3C98 C2DD4882 A41947B3 24AA1259 AC22579D B93F7085 655AF308 89DBB845 D9E6783F E42C9F24
    49400306 254C8AE8 EE9DD812 A804C0B6 6E8CAFC1 4F84D825 8950A91B 44126EE6"""
G2_OWN_MAP = """23FB3749 EA030D2A 25B278D2 A562047A DE3F01B7 4F17A154 02CB7352 CA7D2B3E B71C343D B13D1DEB CE9A3666
    DBCFC920 B49174A6 02CB4796 5CAA73DC 702489A4 4D41DB91 4DE9613D C5E98C94 160551C0 DF86274B 9359BC04 90D01B03 AD54022D
    CB4F57FA D6322497 D7A1E28D 46710F46 1AFE710F BBBC5F8B A166F431 1975EC6C"""
G2_CHIP_KEY = """075693D9 AE941877 573E634B 6E644F8E 60AF17A0 076B8B12 3D920107 4D36152B D8B3A213 F53820C4 2ADC79AB
    5D0AEEC3 AEFB9139 4DA476BD 97B9B14D 0A65C1FC 71A0E019 CB08AF55 E1F72900 5FBA7E3F A5DC4189 9238A250 767A6D46 DB974064
    386CD456 743585F8 E5D90CC8 B4004B1F 6D866C79 CE0584E4 9687FF61 BC29AEA1"""
G2_OWN_KEY = """907D89E2 D425A178 AA81AF4A 7774EC8E 388C115C AE67031E 85EECE52 0BD91155 1B9AE4D0 4369F29A 02626C86
    FBC6747C C7BC3526 45B6161A 2A42D44E DA80A08F A8D61B76 D3A154AD 8A5A5178 6B0BC071 47057871 A922212C 5F67F431 73172236
    B7747D16 71E6D692 A3C7D40A 0C3C5CE3 97545D01 5C175EB5 130551ED BC2EE5D4"""


def test_g2_whole_run_over_a_prime_field() -> None:
    link = ScriptedLink(
        [
            ("00 22 C1 A4 0F 80 0A 04 00 7F 00 07 02 02 04 01 02 83 01 01", "90 00"),
            ("10 86 00 00 02 7C 00 00", "7C 12 80 10 854D8DF5827FA6852D1A4FA701CDDDCA 9000"),
            (f"10 86 00 00 86 7C 81 83 81 81 80 {G2_OWN_MAP} 00", f"7C 81 83 82 81 80 {G2_CHIP_MAP} 9000"),
            (f"10 86 00 00 86 7C 81 83 83 81 80 {G2_OWN_KEY} 00", f"7C 81 83 84 81 80 {G2_CHIP_KEY} 9000"),
            (
                "00 86 00 00 0C 7C 0A 85 08 B46DD9BD4D98381F 00",
                "7C 1B 86 08 917F37B5C0E6D8D1 87 0F 444554455354435643413030303033 9000",
            ),
        ]
    )
    info = parse_security_infos(unhex("3114 3012060A 04007F00 07020204 01020201 02020100")).pace[0]
    drawn = Drawn(
        secrets=["5265030F 751F4AD1 8B08AC56 5FC7AC95 2E41618D", "89CCD99B 0E8D3B1F 11E1296D CA68EC53 411CF2CA"]
    )
    result = pace.run(Channel(link), info, HOLDER, random=drawn)
    assert bytes(result.session.keys.enc) == unhex("2F7F46AD CC9E7E52 1B45D192 FAFA9126")
    assert bytes(result.session.keys.mac) == unhex("805A1D27 D45A5116 F73C5446 9462B7D8")
    assert link.finished


# --- Appendix H: integrated mapping ----------------------------------------

H_KEY = unhex("591468CD A83D6521 9CCCB856 0233600F")


def test_h1_integrated_mapping_on_a_curve() -> None:
    nonce = cbc_decrypt(Suite.AES128, H_KEY, zero_iv(Suite.AES128), unhex("143DC40C 08C8E891 FBED7DED B92B64AD"))
    assert nonce == unhex("2923BE84 E16CD6AE 529049F1 F1BBE9EB")
    ours = unhex("5DD4CBFC 96F5453B 130D890A 1CDBAE32")
    t = pseudo_random(nonce, ours, Suite.AES128, BRAINPOOL.p)
    assert t == int.from_bytes(unhex("A2F8FF2D F50E52C6 599F386A DCB595D2 29F6A167 ADE2BE5F 2C3296AD D5B7430E"))
    generator = encode_to_point(BRAINPOOL, t)
    assert generator == point(
        "8E82D315 59ED0FDE 92A4D049 8ADD3C23 BABA94FB 77691E31 E90AEA77 FB17D427",
        "4C1AE14B D0C3DBAC 0C871B7F 36081693 64437CA3 0AC243A0 89D3F266 C1E60FAD",
    )
    assert EcGroup(BRAINPOOL).map_integrated(nonce, ours, Suite.AES128) == generator


def test_h1_agreement_and_tokens() -> None:
    group = EcGroup(BRAINPOOL)
    generator = point(
        "8E82D315 59ED0FDE 92A4D049 8ADD3C23 BABA94FB 77691E31 E90AEA77 FB17D427",
        "4C1AE14B D0C3DBAC 0C871B7F 36081693 64437CA3 0AC243A0 89D3F266 C1E60FAD",
    )
    chip = point(
        "67F78E5F 7F768608 2B293E8D 087E0569 16D0F74B C01A5F89 57D0DE45 691E51E8",
        "932B69A9 62B52A09 85AD2C0A 271EE6A1 3A8ADDDC D1A3A994 B9DED257 F4D22753",
    )
    secret = int.from_bytes(unhex("A73FB703 AC1436A1 8E0CFA5A BB3F7BEC 7A070E7A 6788486B EE230C4A 22762595"))
    own = group.raise_(generator, secret)
    assert own == point(
        "89CBA23F FE96AA18 D824627C 3E934E54 A9FD0B87 A95D1471 DC1C0ABF DCD640D4",
        "6755DE9B 7B778280 B6BEBD57 439ADFEB 0E21FD4E D6DF4257 8C13418A 59B34C37",
    )
    shared = group.agree(secret, chip)
    assert shared == unhex("4F150FDE 1D4F0E38 E95017B8 91BAE171 33A0DF45 B0D3E18B 60BA7BEA FDC2C713")
    keys = session_keys(shared, Suite.AES128)
    assert bytes(keys.enc) == unhex("0D3FEB33 251A6370 893D62AE 8DAAF51B")
    assert bytes(keys.mac) == unhex("B01E89E3 D9E8719E 586B50B4 A7506E0B")
    oid = "0.4.0.127.0.7.2.2.4.4.2"
    ours = token_mac(keys.suite, keys.mac, public_key_template(oid, group.key_tag, group.encode(chip)))
    theirs = token_mac(keys.suite, keys.mac, public_key_template(oid, group.key_tag, group.encode(own)))
    assert (ours, theirs) == (unhex("450F02B8 6F6A0909"), unhex("75D4D96E 8D5B0308"))


def test_h2_integrated_mapping_in_a_prime_field() -> None:
    nonce = cbc_decrypt(Suite.AES128, H_KEY, zero_iv(Suite.AES128), unhex("9ABB8864 CA0FF155 1E620D1E F4E13510"))
    assert nonce == unhex("FA5B7E3E 49753A0D B9178B7B 9BD898C8")
    ours = unhex("B3A6DB3C 870C3E99 245E0D1C 06B747DE")
    generator = MODP1024.map_integrated(nonce, ours, Suite.AES128)
    assert generator == int.from_bytes(
        unhex(
            """1D7D767F 11E333BC D6DBAEF4 0E799E7A 926B9697 3550656F F3C83072 6D118D61 C276CDCC 61D475CF
            03A98E0C 0E79CAEB A5BE2557 8BD4551D 0B109032 36F0B0F9 76852FA7 8EEA14EA 0ACA87D1 E91F688F E0DFF897
            BBE35A47 2621D343 564B262F
            34223AE8 FC59B664 BFEDFA2B FE7516CA 5510A6BB B633D517 EC25D4E0 BBAA16C2"""
        )
    )
    secret = int.from_bytes(
        unhex(
            """4BD0E547 40F9A028 E6A515BF DAF96784 8C4F5F5F FF65AA09 15947FFD 1A0DF2FA 6981271B C905F355
            1457B7E0 3AC3B806 6DE4AA40 6C1171FB 43DD939C 4BA16175 103BA3DE E16419AA 248118F9 0CC36A3D 6F4C3736
            52E0C3CC E7F0F1D0 C5425B36
            00F0F0D6 A67F004C 8BBA33F2 B4733C72 52445C1D FC4F1107 203F71D2 EFB28161"""
        )
    )
    chip = unhex(
        """928D9A0F 9DBA450F 13FC859C 6F290D1D 36E42431 138A4378 500BEB4E 0401854C FF111F71 CB6DC1D0 335807A1 1388CC8E
        AA87B079 07AAD9FB A6B169AF 6D8C26AF 8DDDC39A DC3AD2E3 FF882B84 D23E9768 E95A80E4 746FB07A 9767679F E92133B4
        D379935C 771BD7FB ED6C7BB4 B1708B27 5EA75679 524CDC9C 6A91370C C662A2F3"""
    )
    own = MODP1024.raise_(generator, secret)
    assert MODP1024.encode(own)[:8] == unhex("0F0CC629 45A80292")
    keys = session_keys(MODP1024.agree(secret, MODP1024.decode(chip)), Suite.AES128)
    assert bytes(keys.enc) == unhex("01AFC10C F87BE36D 8179E873 70171F07")
    assert bytes(keys.mac) == unhex("23F0FBD0 5FD6C7B8 B88F4C83 09669061")
    template = public_key_template("0.4.0.127.0.7.2.2.4.3.2", MODP1024.key_tag, chip)
    assert token_mac(keys.suite, keys.mac, template) == unhex("55D61977 CBF5307E")


# --- Appendix I: chip authentication mapping ----------------------------------------


def test_i1_chip_authentication_mapping() -> None:
    holder = Mrz("C11T002JM", "960812", "231031")
    assert holder.secret == unhex("894D03F1 48C6265E 89845B21 8856EA34 D00EF8E8")
    link = ScriptedLink(
        [
            ("00 22 C1 A4 0F 80 0A 04 00 7F 00 07 02 02 04 06 02 83 01 01", "9000"),
            ("10 86 00 00 02 7C 00 00", "7C 12 80 10 CB60E8E0D85B76A9BD304747C2AD42E2 9000"),
            (
                """10 86 00 00 45 7C 43 81 41 04 7F1D410A DB7DDB3B 84BF1030 800981A9 105D7457 B4A3ADE0 02384F30 86C67EDE
                1AB88910 4A27DB6D 842B0190 20FBF3CE ACB0DC62 7F7BDCAC 29969E19 D0E553C1 00""",
                """7C 43 82 41 04 A234236A A9B9621E 8EFB73B5 245C0E09 D2576E52 77183C12 08BDD552 80CAE8B3
                04F36571 3A356E65 A451E165 ECC9AC0A C46E3771 342C8FE5 AEDD0926 85338E23 9000""",
            ),
            (
                """10 86 00 00 45 7C 43 83 41 04 446C9340 84D9DAB8 63944F21 9520076C 29EE3F7A E6722B11 FF319EC1 C7728F95
                5483400B FF60BF0C 59292700 09277DC2 A515E125 75010AD9 BA916CF1 BF86FEFC 00""",
                """7C 43 84 41 04 02AD566F 3C6EC7F9 324509AD 50A51FA5 2030782A 4968FCFE DF737DAE A9933331
                11C3B9B4 C2287789 BD137E7F 8AA882E2 A3C633CC D6ECC2C6 3C57AD40 1A09C2E1 9000""",
            ),
            (
                "00 86 00 00 0C 7C 0A 85 08 E86BD06018A1CD3B 00",
                """7C 3C 86 08 8596CF055C67C1A3 8A 30 1EEA964D AAE372AC 990E3EFD E6333353 BFC89A67 04D93DA8 798CF77F
                5B7A54BD 10CBA372 B42BE0B9 B5F28AA8 DE2F4F92 9000""",
            ),
        ]
    )
    info = parse_security_infos(unhex("3114 3012060A 04007F00 07020204 06020201 0202010D")).pace[0]
    drawn = Drawn(
        secrets=[
            "5D8BB87B D74D985A 4B7D4325 B9F7B976 FE835122 77340079 8914AA22 738135CC",
            "76ECFDAA 9841C323 A3F5FC5E 88B88DB3 EFF7E35E BF57A7E6 946CB630 006C2120",
        ]
    )
    result = pace.run(Channel(link), info, holder, random=drawn)
    assert bytes(result.session.keys.enc) == unhex("0A9DA4DB 03BDDE39 FC5202BC 44B2E89E")
    assert bytes(result.session.keys.mac) == unhex("4B1C0649 1ED5140C A2B537D3 44C6C0B1")
    mapping = result.chip_mapping
    assert mapping is not None
    assert mapping.data == unhex("85DC3FA9 3D0952BF A82F5FD1 89EE75BD 82F11D1F 0B8ED4BF 5319AC9B 53C426B3")
    static = parse_public_key(
        unhex(
            """30523 00C060704 007F0007 01020201 0D034200 04187270 9494399E 7470A643 1BE25E83 EEE24FEA 568C2ED2 8DB48E05
            DB3A610D C884D256 A40E35EF CB59BF67 53D3A489 D28C7A4D 973C2DA1 38A6E7A4 A08F68E1 6F"""
        )
    )
    assert isinstance(static, EcKey)
    assert pace.chip_mapping_holds(mapping, BRAINPOOL.encode(static.point))
    assert not pace.chip_mapping_holds(mapping, BRAINPOOL.encode(BRAINPOOL.generator))
