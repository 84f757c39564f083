//! Sending results and confirming that they came (S6.3). In person, the delivery notice itself is signed.

use super::field::{Body, Cell, Field, Kind, Table, moment, moment_text};
use super::{Ctx, Wrong};
use domain::case::{Command, CommandKind, DeliveryCommand, DeliveryWay};

const PARCEL: [&str; 4] = ["in_transit", "not_delivered", "returned", "lost"];

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    if ctx.kind == CommandKind::ConfirmReceipt {
        let fields = vec![
            Field::new(ctx, "signed_by", Kind::Text).required().or(ctx.open.party.contact_name.clone()),
            Field::new(ctx, "at", Kind::Moment).required().or(moment_text(ctx.open.now)),
            Field { value: ctx.typed.get("proof.id").to_owned(), ..Field::new(ctx, "proof", Kind::File) },
        ];
        let intro = vec![ctx.t("staff.intro.confirm_receipt")];
        return Body { intro, fields, has_files: true, ..Body::default() };
    }
    if ctx.kind == CommandKind::RecordParcel {
        return parcel(ctx);
    }
    let case = &ctx.open.case;
    let names = ctx.names();
    let is_electronic = case.delivery == DeliveryWay::Electronic;
    let mut rows: Vec<Vec<Cell>> = case
        .results
        .iter()
        .filter(|result| result.delivered_at.is_none())
        .map(|result| {
            vec![
                Cell::words(result.name.clone(), names.form(result.form)),
                Cell::words(names.matter(&result.matter), ""),
            ]
        })
        .collect();
    if !is_electronic {
        rows.extend(outstanding(ctx).iter().map(|item| {
            vec![Cell::words(names.item(&item.id), names.piece(item)), Cell::words(ctx.t("staff.to_return"), "")]
        }));
    }
    let head = ["goes", "for"].map(|name| ctx.t(&format!("staff.column.{name}")));
    let table = Table { title: ctx.t("staff.send.table"), head: head.to_vec(), rows };
    let mut body = Body { tables: vec![table], ..Body::default() };
    if is_electronic {
        body.intro.push(ctx.t("staff.intro.send_electronic"));
    } else {
        body.intro.push(ctx.t("staff.intro.send_result"));
        body.tail.extend([
            Field::new(ctx, "carrier", Kind::Text).required(),
            Field::new(ctx, "waybill", Kind::Text).required(),
            Field::new(ctx, "address", Kind::Area).required(),
        ]);
    }
    body
}

/// What the carrier says of the parcel that is under way.
fn parcel(ctx: &Ctx<'_>) -> Body {
    let mut intro = vec![ctx.t("staff.intro.record_parcel")];
    if let Some(shipment) = &ctx.open.case.shipment {
        let [carrier, number] = [&shipment.carrier, &shipment.number].map(|text| text.clone().unwrap_or_default());
        let day = ctx.names().day(shipment.at);
        intro.insert(0, ctx.l.tr("staff.parcel_sent", &[("carrier", &carrier), ("number", &number), ("day", &day)]));
    }
    let states = ctx.choices("staff.parcel", &PARCEL);
    let fields = vec![
        Field::new(ctx, "parcel_state", Kind::Radio).required().options(ctx, states),
        Field::new(ctx, "note", Kind::Area),
        Field::new(ctx, "at", Kind::Moment),
    ];
    Body { intro, fields, ..Body::default() }
}

fn outstanding<'a>(ctx: &'a Ctx<'_>) -> Vec<&'a domain::custody::Item> {
    ctx.open.case.outstanding_items().iter().filter_map(|id| ctx.open.case.item(id)).collect()
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    let case = &ctx.open.case;
    Ok(match ctx.kind {
        CommandKind::ConfirmReceipt => DeliveryCommand::ConfirmReceipt {
            signed_by: ctx.needed("signed_by")?,
            at: moment(&ctx.needed("at")?).ok_or_else(|| vec![("at".to_owned(), "moment")])?,
            file: ctx.file("proof"),
        },
        CommandKind::RecordParcel => DeliveryCommand::RecordParcel {
            state: ctx.chosen("parcel_state")?,
            note: ctx.typed.given("note"),
            at: ctx.moment("at")?,
        },
        _ if case.delivery == DeliveryWay::Electronic => DeliveryCommand::SendResult {
            results: case.undelivered_results(),
            items: Vec::new(),
            carrier: None,
            number: None,
            address: None,
        },
        _ => DeliveryCommand::SendResult {
            results: case.undelivered_results(),
            items: case.outstanding_items(),
            carrier: Some(ctx.needed("carrier")?),
            number: Some(ctx.needed("waybill")?),
            address: Some(ctx.needed("address")?),
        },
    }
    .into())
}
