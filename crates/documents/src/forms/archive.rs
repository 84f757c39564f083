use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 案卷封面: the cover of a paper file, with the items of GB/T 9705 as far as a hall has them (S6.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveCover {
    /// What stands on every page.
    pub head: Head,
    /// 全宗名称
    pub fonds: String,
    /// 类目名称
    pub category: String,
    /// 案卷题名
    pub title: String,
    /// The day of the oldest paper.
    pub from: NaiveDate,
    /// The day of the newest paper.
    pub until: NaiveDate,
    /// 保管期限, such as `30 年`.
    pub retention: String,
    /// 件数
    pub pieces: u32,
    /// 页数
    pub pages: u32,
    /// Number of the case, by which the file is found again.
    pub case_number: String,
    /// 全宗号
    pub fonds_number: Option<String>,
    /// 目录号
    pub catalogue_number: Option<String>,
    /// 案卷号
    pub volume_number: Option<String>,
    /// 存放位置, such as `2 排 3 架 12 盒`.
    pub shelf: Option<String>,
}

/// 卷内目录: the papers of a volume, in order (S6.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveCatalogue {
    /// What stands on every page.
    pub head: Head,
    /// 案卷题名
    pub title: String,
    /// 案卷号
    pub volume_number: Option<String>,
    /// The papers, in order.
    pub rows: Vec<ArchiveRow>,
}

/// One paper of a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveRow {
    /// 文号
    pub number: Option<String>,
    /// 责任者
    pub responsible: String,
    /// 题名
    pub title: String,
    /// 日期
    pub date: Option<NaiveDate>,
    /// 页号: the first page of the paper, the last row `12-15`.
    pub page: Option<String>,
    /// 备注
    pub remark: Option<String>,
}

impl Paper for ArchiveCover {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "案卷封面"
    }

    fn view(&self) -> Value {
        json!({
            "fonds": self.fonds,
            "category": self.category,
            "title": self.title,
            "from": zh::date(self.from),
            "until": zh::date(self.until),
            "retention": self.retention,
            "pieces": self.pieces,
            "pages": self.pages,
            "case_number": self.case_number,
            "fonds_number": self.fonds_number,
            "catalogue_number": self.catalogue_number,
            "volume_number": self.volume_number,
            "shelf": self.shelf,
        })
    }
}

impl Paper for ArchiveCatalogue {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "卷内目录"
    }

    fn view(&self) -> Value {
        let rows: Vec<Value> = (1usize..)
            .zip(&self.rows)
            .map(|(order, row)| {
                json!({
                    "order": order,
                    "number": row.number,
                    "responsible": row.responsible,
                    "title": row.title,
                    // Eight digits, as catalogues of archives write a day.
                    "date": row.date.map(|day| day.format("%Y%m%d").to_string()),
                    "page": row.page,
                    "remark": row.remark,
                })
            })
            .collect();
        json!({"title": self.title, "volume_number": self.volume_number, "rows": rows})
    }
}
