//! What says so in pieces, in every language we write to clients in; also that somebody else reads their mail: pieces in
//! an order, near each other. One file a language; where words bend or are joined a piece may be any part of one, and
//! where no spaces part words all pieces stand in one clause.

use std::sync::LazyLock;

use super::super::pieces::{Piece, Pieces};
use super::super::words::{FIRSTS, GATES, LASTS};
use crate::intake::form::fold::fold;
use crate::intake::plain::is_unspaced;
use crate::intake::quick;

const FILES: [&str; 14] = [
    include_str!("en.txt"),
    include_str!("en-near.txt"),
    include_str!("en-plain.txt"),
    include_str!("en-given.txt"),
    include_str!("en-back.txt"),
    include_str!("fr.txt"),
    include_str!("pt.txt"),
    include_str!("ht.txt"),
    include_str!("vi.txt"),
    include_str!("tl.txt"),
    include_str!("ru.txt"),
    include_str!("ar.txt"),
    include_str!("ko.txt"),
    include_str!("zh.txt"),
];

static TONGUES: LazyLock<Vec<Tongue>> = LazyLock::new(|| FILES.into_iter().map(Tongue::of).collect());

static PIECES: LazyLock<Pieces> =
    LazyLock::new(|| Pieces::of(TONGUES.iter().flat_map(|tongue| &tongue.orders).map(|order| &order.pieces)));

struct Tongue {
    /// So many signs stand between two pieces at most.
    near: usize,
    /// No spaces part its words.
    in_clauses: bool,
    /// Its words count only where letters have accents.
    accented: bool,
    orders: Vec<Order>,
}

/// The pieces of a phrase, each with its words, and what it is about.
struct Order {
    pieces: Vec<Vec<Piece>>,
    is_of_mail: bool,
}

impl Tongue {
    fn of(file: &'static str) -> Tongue {
        let lines =
            || file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "));
        let of =
            |name: &str| lines().find(|(key, _)| *key == name).map(|(_, words)| words).unwrap_or_default();
        let pieces = |name: &str| of(name).split('|').map(Piece::of).collect();
        let orders = lines().filter(|(key, _)| matches!(*key, "said" | "read"));
        let order = |(key, names): (&str, &str)| Order {
            pieces: names.split(' ').map(pieces).collect(),
            is_of_mail: key == "read",
        };
        Tongue {
            near: of("near").parse().unwrap_or_default(),
            in_clauses: of("clauses") == "yes",
            accented: of("accents") == "yes",
            orders: orders.map(order).collect(),
        }
    }

    /// Whether what stands between two pieces is short enough; of a longer text no more is looked at.
    fn is_near(&self, between: &str) -> bool {
        between.chars().nth(self.near).is_none()
    }
}

/// The marks of the words that a phrase needs: of its first piece, and of its last, the longest word of each.
pub(in super::super) fn marks() -> impl Iterator<Item = (&'static str, u64)> {
    let longest = |piece: &Piece| piece.words.split(' ').max_by_key(|word| word.len());
    let orders = TONGUES.iter().flat_map(|tongue| &tongue.orders);
    (0..GATES).cycle().zip(orders).flat_map(move |(gate, order)| {
        let first = order.pieces.first().into_iter().flatten().filter_map(longest);
        let last = order.pieces.last().into_iter().flatten().filter_map(longest);
        first
            .map(move |word| (word, 1 << FIRSTS << gate))
            .chain(last.map(move |word| (word, 1 << LASTS << gate)))
    })
}

/// Whether a sentence with these marks may hold a phrase.
pub(super) const fn may_be_said(marks: u64) -> bool {
    (marks >> FIRSTS) & (marks >> LASTS) & ((1 << GATES) - 1) != 0
}

/// What a sentence says.
#[derive(Clone, Copy, Default)]
pub(super) struct Said {
    /// Of consent.
    pub(super) unagreed: bool,
    /// Of who reads their mail.
    pub(super) read: bool,
}

impl Said {
    const fn and(self, order: &Order) -> Said {
        Said { unagreed: self.unagreed || !order.is_of_mail, read: self.read || order.is_of_mail }
    }
}

/// What a sentence says: as it stands, and folded.
pub(super) fn said(sentence: &str, folded: &str) -> Said {
    let is_plain = sentence.is_ascii();
    let words = said_in(folded, |tongue| !(tongue.in_clauses || is_plain && tongue.accented));
    let is_unspaced = !is_plain && quick::wide_chars(sentence).any(is_unspaced);
    let clauses = is_unspaced.then(|| clauses(sentence)).into_iter().flatten();
    clauses.map(|clause| said_in(&clause, |tongue| tongue.in_clauses)).fold(words, |all, said| Said {
        unagreed: all.unagreed || said.unagreed,
        read: all.read || said.read,
    })
}

/// What a text says in some of the languages.
fn said_in(text: &str, counts: impl Fn(&Tongue) -> bool) -> Said {
    let complete = PIECES.complete(text);
    if complete.is_empty() {
        return Said::default();
    }
    let orders = TONGUES.iter().flat_map(|tongue| tongue.orders.iter().map(move |order| (tongue, order)));
    let candidates: Vec<_> = orders
        .enumerate()
        .map(|(at, (tongue, order))| (complete.has(at) && counts(tongue)).then_some((tongue, order)))
        .collect();
    if candidates.iter().all(Option::is_none) {
        return Said::default();
    }
    let in_order = PIECES.in_order(text, |phrase, between| {
        let candidate = candidates.get(phrase).copied().flatten();
        candidate.is_some_and(|(tongue, _)| tongue.is_near(between))
    });
    let said =
        candidates.into_iter().zip(in_order).filter_map(|(candidate, is_said)| candidate.filter(|_| is_said));
    said.fold(Said::default(), |said, (_, order)| said.and(order))
}

/// The clauses of a sentence in a script without spaces. Where a mail program broke a line within a word, no space is.
fn clauses(sentence: &str) -> impl Iterator<Item = String> {
    let clauses = sentence.split(['。', ',', '，', '、', '?', ':', ';', '…']);
    clauses.map(|clause| fold(clause).split(' ').collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::marked::marked;
    use super::*;
    use crate::intake::plain::plain;
    use crate::intake::warning::of;

    #[test]
    fn every_piece_is_folded_and_marked_and_every_order_has_its_pieces() {
        for tongue in TONGUES.iter() {
            assert!(tongue.near > 0 && !tongue.orders.is_empty());
            for piece in tongue.orders.iter().flat_map(|order| &order.pieces).flatten() {
                assert!(
                    !piece.words.is_empty() && fold(&plain(piece.words)) == piece.words,
                    "{}",
                    piece.words
                );
                assert!(!piece.is_part || !piece.words.is_ascii(), "{}: marks know whole words", piece.words);
            }
        }
        for (word, bit) in marks() {
            assert_ne!(marked(&format!("x {word} x")) & bit, 0, "{word}");
        }
    }

    fn check(doubts: &[&str], others: &[&str]) {
        for text in doubts {
            assert!(of([*text]).consent, "{text}");
        }
        for text in others {
            assert!(!of([*text]).consent, "{text}");
        }
    }

    #[test]
    fn english_and_spanish_in_pieces() {
        check(
            &[
                "She does not know that I am referring her.",
                "I did not ask her yet but I am sure she agrees.",
                "We have not talked to her about this.",
                "Client is unaware of this referral.",
                "Please wait for my go-ahead before reaching out.",
                "Ella no sabe que la estoy refiriendo.",
                "Todavía no le pregunté.",
                "Espere mi confirmación antes de contactarla.",
            ],
            &[
                "She does not know when the hearing is.",
                "I asked her about this and she agreed to the referral.",
                "He did not tell her about the loan.",
                "Please wait for the hearing.",
                "No sabe leer.",
            ],
        );
    }

    #[test]
    fn whose_an_email_is() {
        for text in [
            "The phone and email are on the abuser's plan.",
            "She is staying with him again and he checks everything.",
            "Her email auto-forwards to her husband.",
            "Please note the Gmail is logged in on his laptop.",
            "He set up her email for her.",
            "She asked us to hold off on any emails until Friday.",
            "Email only after she confirms by phone.",
            "No written communication, please.",
            "She is 15 and her father manages her email.",
            "Her caregiver reads her messages to her.",
            "Él tiene la contraseña.",
            "The email belongs to her landlord.",
            "That is her roommate's email.",
            "She uses her boss's email.",
            "This inbox is also her church's.",
            "Contact me instead of her.",
            "All communication through me please.",
            "His new girlfriend has her old login.",
        ] {
            assert!(of([text]).mail, "{text}");
        }
        for text in [
            "Her husband has her passport and her birth certificate.",
            "The landlord gave her nothing in writing.",
            "There is no written lease.",
            "Her email is best in the mornings.",
            "She opened an account at the credit union.",
            "I sent her email to my colleague.",
            "He checks in with his probation officer.",
            "Her mother has her children on weekends.",
            "Her sister helped her fill in this form.",
            "The bank account is in her name.",
            "Her father is ill and she uses his car.",
            "El dueño tiene las llaves.",
        ] {
            assert!(!said(text, &fold(&plain(text))).read, "{text}");
        }
    }

    #[test]
    fn simplified_chinese() {
        check(
            &[
                "她现在不想被转介。",
                "她不希望你们有她的资料。",
                "客户还没有同意转介，请先等等。",
                "她改变主意了。",
                "请暂停这个转介，等我跟她谈。",
                "这个转介请先不要处理。",
                "她拒绝转介给你们。",
                "她不想让你们知道她的电话号码",
                "她还没准备好转介",
            ],
            &[
                "她不想回家。我们把她转介给你们。",
                "她不想离婚，所以转介给你们。",
                "她已经同意转介给你们。",
                "房东不肯修理暖气。",
                "她没有身份证，资料在学校。",
                "她不要孩子和他见面。请你们帮忙。",
                "听证会取消了。",
                "她需要你们的服务。",
            ],
        );
    }

    #[test]
    fn traditional_chinese() {
        check(
            &[
                "她現在不想被轉介。",
                "她不希望你們有她的資料。",
                "她改變主意了。",
                "請暫停這個轉介。",
                "這個轉介先不要處理。",
                "她拒絕轉介給你們。",
                "她還沒準備好轉介",
                "她沒有答應轉介給貴機構",
            ],
            &[
                "她不想回家。我們把她轉介給你們。",
                "她已經同意轉介給你們。",
                "房東不肯修理暖氣。",
                "她沒有證件，資料在學校。",
                "聽證會取消了。",
                "她需要你們的服務。",
            ],
        );
    }

    #[test]
    fn vietnamese() {
        check(
            &[
                "Cô ấy không muốn được giới thiệu đến quý vị.",
                "Cô ấy chưa đồng ý với việc giới thiệu này.",
                "Cô ấy không muốn quý vị có thông tin của mình.",
                "Cô ấy đã đổi ý.",
                "Xin tạm dừng việc giới thiệu này.",
                "Thân chủ từ chối giấy giới thiệu.",
            ],
            &[
                "Cô ấy không muốn quay về nhà.",
                "Cô ấy đồng ý được giới thiệu đến quý vị.",
                "Chủ nhà không chịu sửa máy sưởi.",
                "Cô ấy không có giấy tờ.",
                "Tôi giới thiệu cô ấy đến văn phòng của quý vị.",
                "Phiên tòa đã bị hủy bỏ.",
            ],
        );
    }

    #[test]
    fn haitian_creole() {
        check(
            &[
                "Li pa vle yo refere l bò kote nou.",
                "Li poko dakò ak referans lan.",
                "Li pa vle ou gen enfòmasyon li.",
                "Li chanje lide.",
                "Tanpri sispann referans sa a.",
                "Li refize referans lan.",
            ],
            &[
                "Li pa vle tounen lakay li.",
                "Li dakò ak referans lan.",
                "Mèt kay la pa vle repare chofaj la.",
                "Li pa gen papye.",
                "Mwen voye l ban nou paske li bezwen èd.",
                "Li chanje adrès.",
            ],
        );
    }

    #[test]
    fn arabic() {
        check(
            &[
                "لا تريد إحالتها إليكم.",
                "لم توافق بعد على الإحالة.",
                "لا تريد أن تحصلوا على معلوماتها.",
                "لقد غيّرت رأيها.",
                "يرجى تعليق الإحالة.",
                "رفضت الإحالة.",
            ],
            &[
                "لا تريد العودة إلى المنزل.",
                "وافقت على الإحالة إليكم.",
                "المالك لا يريد إصلاح التدفئة.",
                "ليس لديها أوراق.",
                "نحيلها إليكم لأنها تحتاج إلى محام.",
                "غيّرت عنوانها.",
            ],
        );
    }

    #[test]
    fn russian() {
        check(
            &[
                "Она не хочет, чтобы её направляли к вам.",
                "Она ещё не согласилась на направление.",
                "Она не хочет, чтобы у вас были её данные.",
                "Она передумала.",
                "Пожалуйста, приостановите это направление.",
                "Клиентка отказалась от направления.",
            ],
            &[
                "Она не хочет возвращаться домой.",
                "Она согласилась на направление к вам.",
                "Хозяин не хочет чинить отопление.",
                "У неё нет паспорта, он у мужа.",
                "Мы направляем её к вам, ей нужен юрист.",
                "Слушание отменили.",
            ],
        );
    }

    #[test]
    fn korean() {
        check(
            &[
                "그녀는 의뢰를 원하지 않습니다.",
                "아직 의뢰에 동의하지 않았습니다.",
                "귀 기관이 자신의 정보를 갖는 것을 원하지 않습니다.",
                "마음을 바꿨습니다.",
                "이 의뢰를 보류해 주세요.",
                "의뢰를 거절했습니다.",
            ],
            &[
                "그녀는 집에 돌아가고 싶지 않습니다.",
                "그녀는 의뢰에 동의했습니다.",
                "집주인이 난방을 고치지 않습니다.",
                "여권이 없습니다.",
                "변호사가 필요해서 의뢰합니다.",
                "재판이 취소되었습니다.",
            ],
        );
    }

    #[test]
    fn portuguese() {
        check(
            &[
                "Ela não quer ser encaminhada.",
                "Ela ainda não concordou com o encaminhamento.",
                "Ela não quer que vocês tenham os dados dela.",
                "Ela mudou de ideia.",
                "Por favor, suspendam este encaminhamento.",
                "A cliente recusou o encaminhamento.",
                "Ela nao quer ser encaminhada.",
            ],
            &[
                "Ela não quer voltar para ele.",
                "Ela concordou com o encaminhamento.",
                "O senhorio não quer arrumar o aquecimento.",
                "Ela não tem passaporte.",
                "A audiência foi cancelada.",
                "Encaminhamos esta senhora porque não tem advogado.",
            ],
        );
    }

    #[test]
    fn french() {
        check(
            &[
                "Elle ne veut pas être orientée vers vous.",
                "Elle n’a pas encore accepté l’orientation.",
                "Elle ne veut pas que vous ayez ses coordonnées.",
                "Elle a changé d’avis.",
                "Merci de suspendre cette orientation.",
                "La cliente a refusé l'orientation.",
                "Elle n'est pas prête à être orientée.",
                "Elle ne souhaite plus etre orientee.",
            ],
            &[
                "Elle ne veut pas retourner chez lui.",
                "Elle a accepté l'orientation vers vous.",
                "Le propriétaire ne veut pas réparer le chauffage.",
                "Elle n'a pas de passeport.",
                "L'audience est annulée.",
                "Nous l'orientons vers vous car elle n'a pas d'avocat.",
            ],
        );
    }

    #[test]
    fn tagalog() {
        check(
            &[
                "Ayaw niyang ma-refer sa inyo.",
                "Hindi pa siya pumapayag sa referral.",
                "Ayaw niyang makuha ninyo ang impormasyon niya.",
                "Nagbago ang isip niya.",
                "Paki-hold muna ang referral na ito.",
                "Tinanggihan niya ang referral.",
            ],
            &[
                "Ayaw na niyang bumalik sa bahay.",
                "Pumayag siya sa referral.",
                "Ayaw ayusin ng may-ari ang heater.",
                "Wala siyang passport.",
                "Nirefer namin siya sa inyo dahil kailangan niya ng abogado.",
                "Kinansela ang hearing.",
            ],
        );
    }
}
