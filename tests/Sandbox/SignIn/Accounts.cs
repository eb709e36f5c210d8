using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.Google.Calendars;
using Sandbox.Microsoft.Calendars;
using Sandbox.State;

namespace Sandbox.SignIn;

/// <summary>The persons. A new Google account has its primary calendar, a new Microsoft account its "Calendar": apps have made neither.</summary>
public sealed class Accounts(Store store, VirtualClock clock)
{
    /// <summary>The tenant of all personal Microsoft accounts (§B1).</summary>
    public const string PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad";
    public const string WorkTenant = "5ad0b0c5-7a31-4d5c-9f3e-2d5a3b1c7e90";

    public Account GetOrCreate(string vendor, string email, string zone) => store.Locked(() =>
    {
        var id = $"{vendor}:{email}";
        if (store.Accounts.FindById(id) is { } known) return known;
        var personal = email.EndsWith("@outlook.com", StringComparison.Ordinal) || email.EndsWith("@hotmail.com", StringComparison.Ordinal);
        var account = new Account
        {
            Id = id,
            Vendor = vendor,
            Email = email,
            TimeZone = zone,
            Tenant = personal ? PersonalTenant : WorkTenant,
            Subject = vendor == "google" ? Ids.Subject() : Ids.Uuid(),
        };
        store.Accounts.Insert(account);
        if (vendor == "google") CalendarResource.Create(store, account, email, new JsonObject { ["summary"] = email }, madeBy: null, clock.GetCurrentInstant() - Duration.FromDays(365));
        else GraphCalendar.Create(store, account, "Calendar", madeBy: null, clock.GetCurrentInstant());

        return account;
    });
}
