using CalDavServer.Links;
using CalDavServer.Web.Devices;
using Practice.Subscriptions;

namespace CalDavServer.Web.Pages.Settings.Connect;

/// <summary>Where the practitioner chooses the service (R10).</summary>
internal sealed class ChooseModel(Billing billing, Providers providers) : ConnectPage(billing)
{
    public IReadOnlyList<Service> Services => Devices.Services.All(providers);
}
