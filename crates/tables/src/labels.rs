//! Words that tables use as names of columns.

use std::collections::HashSet;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// Whether a text is a word that tables commonly use as a name of a column, or ends in one, as names of columns do:
/// `city`, `Hospital Name`, `list_date`, `price (USD)`, `number of rooms`, `联系电话`.
pub(super) fn is_label(text: &str) -> bool {
    let text = text.split(['(', '（', '[', '【', '/', ':', '：']).next().unwrap_or(text).trim();
    let text = text.trim_end_matches(|char: char| char.is_ascii_digit() || char == '_' || char == '#' || char == '*');
    if text.is_empty() || text.len() > 48 {
        return false;
    }
    if !text.is_ascii() {
        let short = text.chars().count() <= 8;
        let lower = text.to_lowercase();
        return CASELESS.contains(text)
            || FOREIGN.contains(lower.as_str())
            || (short && CASELESS_ENDINGS.iter().any(|ending| text.ends_with(ending)))
            || begins_foreign(&lower);
    }
    let words = words(text);
    let known = |word: &String| {
        let (word, singular) = (word.as_str(), word.strip_suffix('s').unwrap_or(word));
        let one = |word: &str| {
            ENGLISH.contains(word) || (word.len() > 6 && ENGLISH_ENDINGS.iter().any(|ending| word.ends_with(ending)))
        };
        one(word) || one(singular)
    };
    match words.iter().position(|word| JOINING.contains(&word.as_str())) {
        Some(at) if at > 0 => known(&words[at - 1]) || FOREIGN.contains(words[at - 1].as_str()),
        _ if words.len() == 1 => known(&words[0]) || FOREIGN.contains(words[0].as_str()),
        _ => words.len() <= 5 && words.last().is_some_and(known),
    }
}

/// Words before which the word stands that a name is about: `date of birth`, `date de naissance`.
const JOINING: &[&str] =
    &["of", "in", "per", "for", "at", "by", "de", "du", "des", "di", "del", "da", "do", "van", "von"];

/// Whether the first of a few words is one that names columns: `дата рождения`, `número de teléfono`.
fn begins_foreign(lower: &str) -> bool {
    let mut words = lower.split([' ', '_']);
    words.next().is_some_and(|first| FOREIGN.contains(first)) && (1..=3).contains(&words.count())
}

/// Names of columns in other languages than English and Chinese.
static FOREIGN: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    let lines = include_str!("../data/header-words.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// The words of an ASCII text in lower case, parted at white space, punctuation and humps.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for char in text.chars() {
        let begins = after_lower && char.is_ascii_uppercase();
        after_lower = char.is_ascii_lowercase();
        if begins || !char.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| char.is_ascii_alphanumeric()) {
            word.push(char.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// English words that stand alone or last in a name.
static ENGLISH: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    "\
    account addr address age amount amt area author avg balance birth birthday brand category city class code \
    col color colour column comment company cost count country county created currency customer data date datetime \
    day department dept desc description direction district dob duration education email employer end ethnicity \
    fax field file firstname flag gender grade group height hour id income index industry ip item job key kind \
    label lang language lastname lat latitude length level line link lng location lon long longitude mail \
    manufacturer match max mean message min minute mobile model month msg name nationality no note num number \
    occupation order organisation organization owner parameter path percent percentage phone pid place plate \
    position postal postcode price priority product profession province qty quantity race rank rate rating ratio \
    region remark role salary score sex size sku source start state status street subject sum surname symbol tag \
    tel telephone temperature text time timestamp title total town type uid unit updated uri url user useragent \
    username uuid value vendor version website weekday weight width year zip zipcode \
    "
    .split_whitespace()
    .collect()
});

/// Ends of names whose words are not parted: `mailingaddress`, `orderdate`.
const ENGLISH_ENDINGS: &[&str] =
    &["address", "code", "count", "date", "email", "name", "number", "phone", "time", "type"];

/// Names without upper and lower case that are too short, or too likely at the end of a value, to count as endings.
static CASELESS: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    "\
    专业 产品 企业 作者 值 備註 公司 内容 区 区域 医院 區域 单位 县 合计 名 品牌 商品 單位 国家 國家 地区 坐标 \
    城市 备注 姓 婚姻 学历 学校 學校 學歷 客户 密码 尺寸 岗位 市 年 年级 年齡 年龄 序号 序號 得分 微信 性別 性别 \
    总计 排名 描述 日 昵称 月 来源 标签 标题 標題 民族 班级 生日 用户 省 省份 科目 籍贯 經度 緯度 纬度 经度 职业 \
    职务 職業 行业 订单 评分 说明 课程 身份證 身份证 车牌 邮箱 部門 部门 郵箱 醫院 重量 银行卡 面积 颜色 \
    "
    .split_whitespace()
    .collect()
});

/// Words without upper and lower case that stand alone or last in a name.
static CASELESS_ENDINGS: LazyLock<HashSet<&str, FixedState>> = LazyLock::new(|| {
    "\
    名 名称 名稱 姓名 编号 編號 号码 號碼 代码 代碼 编码 类型 類型 类别 分类 状态 狀態 日期 时间 時間 年份 月份 \
    金额 金額 价格 價格 单价 总价 工资 薪资 薪水 数量 數量 总数 人数 次数 比例 占比 比率 地址 住址 位置 电话 \
    電話 手机 手机号 邮箱 网址 链接 职位 职称 等级 级别 学号 工号 卡号 账号 车牌号 证号 型号 规格 成绩 分数 度数 \
    年限 备注 要求 情况 方式 信息 \
    "
    .split_whitespace()
    .collect()
});
