"""Word lists of the training data. Training never draws from `HELD_OUT`."""

from __future__ import annotations

FIRST = """Ada Alan Alice Amir Ana Andrew Anna Arturo Aisha Ben Bianca Boris Carla Carlos Chen Chloe Claire
Clara Colin Dana Daniel Daria David Diego Dora Elena Elias Ella Emil Emma Eric Esther Eva Farid Felix Fiona
Frank Gabriel Gina Grace Greta Hana Hannah Hugo Ian Ida Igor Ines Ingrid Iris Ivan Jack Jana Jean Jin Joan
John Jonas Jorge José Julia Jun Karen Karl Kate Kenji Lara Laura Lea Leo Lena Li Linda Liam Lucas Lucy Luis
Maria Mario Marta Martin Mary Mateo Maya Mei Mia Michael Miguel Mila Mohammed Nadia Naomi Nathan Nina Noah
Nora Olga Oliver Omar Oscar Pablo Paul Pedro Petra Philip Pia Priya Rachel Rafael Raj René Rita Robert Rosa
Ruth Samir Samuel Sara Sofia Stefan Susan Tanja Tara Thomas Tim Tom Uma Vera Victor Wei William Yara Yuki
Zoe Zoltan Jennifer Patricia James Sandra Kevin Brian Amanda Melissa Deborah Stephanie""".split()

LAST = """Adams Ahmed Alvarez Anderson Baker Bauer Becker Bell Bennett Berg Brown Carter Castro Chan Chen
Clark Cohen Cole Collins Costa Cruz Davis Diaz Dubois Evans Fischer Fletcher Foster Fox Garcia Gomez Gray
Green Gupta Haddad Hall Hansen Harris Hill Hoffmann Horvat Huang Hughes Ito Ivanov Jackson Jansen Johnson
Jones Kaya Keller Khan Kim King Klein Kowalski Kumar Larsen Lee Lewis Lopez Martin Martinez Meyer Miller
Moore Morales Moreau Moretti Morgan Müller Murphy Nakamura Nguyen Nielsen Novak Okafor Olsen Ortiz Owens
Park Parker Patel Pereira Petrov Phillips Popov Price Quinn Ramos Reed Reyes Rivera Roberts Rossi Roy Ruiz
Russo Sanchez Santos Sato Schmidt Schneider Scott Shah Silva Singh Smith Sousa Stewart Suzuki Tanaka Taylor
Thompson Torres Turner Varga Vega Wagner Walker Wang Ward Weber White Wilson Wong Wood Wright Yamada Young
Zhang Zimmermann Henderson Marsh Delgado Osei""".split()

CITIES = """Amsterdam Antwerp Athens Atlanta Austin Barcelona Basel Berlin Bilbao Boston Bremen Brussels
Budapest Chicago Cologne Copenhagen Dallas Denver Detroit Dresden Dublin Edinburgh Florence Geneva Genoa
Ghent Glasgow Hamburg Helsinki Houston Kyoto Leeds Leipzig Lisbon London Lyon Madrid Malmo Manchester
Marseille Miami Milan Montreal Munich Nairobi Nantes Naples Osaka Oslo Ottawa Oxford Paris Phoenix Porto
Portland Prague Riga Rome Rotterdam Salzburg Seattle Seville Singapore Sofia Stockholm Stuttgart Sydney
Tallinn Tokyo Toronto Turin Utrecht Valencia Vancouver Venice Vienna Warsaw York Zagreb Zurich Springfield
Rivertown Oakland Columbus""".split()

COUNTRIES = """Austria Belgium Brazil Canada Chile China Croatia Denmark Egypt Finland France Germany Greece
India Ireland Italy Japan Kenya Mexico Netherlands Norway Peru Poland Portugal Spain Sweden Switzerland
Turkey USA""".split()

STREETS = """Main Oak Pine Maple Cedar Elm Lake Hill Park River Church Mill Station Garden Harbor King Queen
Market Bridge Forest Meadow Sunset Spring Walnut Willow Canal Castle Victoria Linden Rose""".split()
STREET_KINDS = "Street Street Avenue Road Lane Drive Blvd Way Court St. Ave. Rd.".split()

COMPANY = """Acme Alpine Apex Arbor Atlas Aurora Axiom Beacon Birch Blue Bright Canyon Cascade Cobalt Copper
Coral Crest Delta Eagle Echo Ember Falcon Fern Global Golden Granite Green Harbor Helix Horizon Iron Jade
Juniper Keystone Lakeside Lumen Lunar Maple Meridian Metro Nimbus North Nova Oak Ocean Omega Orchid Orion
Pacific Pioneer Polar Prime Quantum Quarry Rapid Raven Red Ridge River Royal Sierra Silver Solar Stellar
Stone Summit Swift Terra Titan Union United Valley Vertex Vista West Willow Zenith Zephyr""".split()
COMPANY_KINDS = """Supplies Systems Logistics Foods Media Partners Labs Energy Motors Textiles Software
Trading Medical Insurance Consulting Studio Electric Furniture Robotics Services Books Travel Marine Optics
Tools Bakery Bank Health Networks Analytics""".split()
COMPANY_ENDS = ["", "", "", " Inc.", " Ltd", " GmbH", " LLC", " & Co.", " S.A.", " AG", " Group"]

ADJECTIVES = """wireless steel wooden small large red blue black white green portable digital heavy light
organic fresh classic premium compact annual monthly basic advanced external internal folding cotton glass
plastic ceramic leather electric manual spare standard double single soft hard cold warm dry used""".split()

NOUNS = """keyboard mouse monitor chair desk lamp cable adapter printer toner paper notebook pen folder stapler
battery charger headset camera tripod router switch server license bracket bolt screw nut washer hammer drill
saw pliers gloves helmet boots jacket shirt mug plate bowl kettle toaster blender coffee tea milk bread butter
cheese apple banana tomato salad soup pasta rice water juice bottle box pallet filter pump valve hose pipe
sensor motor belt gear fan heater panel tile brick cement paint brush ladder rope tape glue label tag bag
towel soap candle clock mirror shelf sofa table bed pillow bicycle helmet tire brake mirror engine
consulting training support hosting maintenance installation delivery inspection cleaning repair design
translation report workshop session ticket""".split()

# Field names are made of these: for names that no catalogue foresees.
NAME_WORDS = """account action age agent alias alloy amount anchor angle answer area array asset audit author
balance band bank base batch bay beam billing binding blend block board body bonus booking border boundary
branch brand bridge budget buffer build bundle buyer cabin cache call camp capacity cargo carrier case cell
center chain channel chapter charge chart check circuit claim class clause client cluster coach code coil
color column comment contract copy core counter course cover crate credit crew cycle dealer debit deck degree
delay demand depth design detail device digest district dock domain dose draft driver duty echo edge editor
effect element engine entry estate event exit export fabric factor farm fault fee field figure file filter
finish fleet flight floor flow folder force form format frame freight fuel fund gate gauge goal grade grant
grid group guard guest guide harvest hazard head height hold host hour hub image impact index input intake
item job joint journal key kit lab lane layer lead league lease ledger length lens level limit line link load
loan lobby local lock loop lot lower magnet main manager margin mark mask master match media medium member
memo meter method mode model module motor mount name network node note notice number object offer office
officer operator option orbit order origin outlet output owner package panel parcel parent part partner party
pass patch path payment peak period permit phase pilot plan plant plate player plot point policy pool port
post power press price probe process profile project proof pulse quality query quota rack radius rail range
rank rate ratio reader reason record region relay release remote renewal rental report request reserve result
return review reward rider ring risk role room root round route row rule sample scale scheme score screen seal
season seat sector seed seller series service session shade shape shelf shift ship site size slot source space
span speed spot staff stage stamp state station status step stock storage store stream string style subject
suite supply surface survey switch symbol system table target task team tenant term test theme thread tier
title tool topic total tour track trade trail train transfer trial trip trunk type unit update usage user
vacancy value vault vehicle vendor venue version vessel view visit voltage volume voucher wage wallet ward
warehouse watch wave weight wheel width wing worker yard year yield zone""".split()

PHRASES = """please handle with care|customer asked for a call back|delivered to the front desk|left at the door
|the screen stays black after the update|cannot log in since this morning|paid in full|second reminder sent
|water damage in the kitchen|rear bumper dented in a parking lot|windshield cracked by a stone|bring your badge
|page loads very slowly|export button does nothing|wrong size delivered|needs approval by the manager
|allergic to penicillin|follow-up in two weeks|replace the broken part|call before arrival|works as expected
|no further action needed|waiting for spare parts|refund was requested|gate code is on the label|vegan menu
|engine makes a loud noise|battery drains within an hour|address could not be found|stored in a dry place
|invoice does not match the order|payment failed twice|password reset mail never arrives|roof tiles torn off
|stolen from the garage|burst pipe in the bathroom|lunch is provided|free parking behind the building
|access to the archive is blocked|printer jams on every page""".replace("\n", "").split("|")

TOPICS = """Quarterly planning|Data engineering meetup|Annual general meeting|Product launch|Safety training
|Customer day|Python workshop|Open house|Charity run|Design review|Budget talk|Team retreat|Book fair|Jazz night
|Career day|Summer concert|Login problem|Billing question|Broken link|Missing parcel|Late delivery
|Senior backend engineer|Data analyst|Office manager|Machine operator|Nurse|Truck driver|Account executive
|Product designer|Site engineer|Head of sales|Warehouse clerk|Research assistant|Support agent
|Chief accountant""".replace("\n", "").split("|")

SKILLS = """Python SQL Docker Kubernetes Java Go Rust Excel Linux AWS Terraform Kafka Spark React Git Statistics
Writing Negotiation English German French Spanish Accounting Welding Forklift Photoshop Planning Teamwork
urgent backend login export invoice network printer mobile vip refund fragile sales design garden music
travel cooking sport""".split()

HELD_OUT = {
    "first": "Beatrix Casper Delphine Edgar Freya Giulia Henrik Imani Jasper Katya Lorenzo Margot Nikolai "
    "Odette Quentin Rowan Saskia Tobias Ulrich Valentina Wanda Xavier Yvonne Zainab".split(),
    "last": "Abernathy Bianchi Caldwell Drummond Eriksen Fairchild Grimaldi Holloway Iglesias Jablonski "
    "Kilgore Lindqvist Mbeki Northrop Okonkwo Pemberton Quigley Rasmussen Steinberg Thackeray Underwood "
    "Vasquez Whitaker Zielinski".split(),
    "city": "Aberdeen Bergen Calgary Dortmund Eindhoven Fresno Galway Halifax Innsbruck Jakarta Krakow Lille "
    "Memphis Norwich Omaha Palermo Quito Reno Santiago Tampere".split(),
    "company": "Amber Bison Cypress Drift Everest Flint Glacier Hawthorn Indigo Kestrel Lotus Magnolia "
    "Nebula Obsidian Pebble Quill Saffron Tundra Umbra Violet".split(),
    "noun": "scanner projector whiteboard envelope thermostat wrench compass blanket kayak tent lantern "
    "backpack violin syringe microscope conveyor hinge gasket turbine antenna".split(),
    "phrase": [
        "the hinge of the left door is loose", "arrived one day early", "ask for the night porter",
        "hail broke two skylights", "second floor, ring twice", "the app closes when scanning",
        "transfer bounced last Friday", "kept below eight degrees",
    ],
    "topic": [
        "Winter gala", "Robotics showcase", "Sync keeps failing", "Lost suitcase", "Lead welder",
        "Payroll specialist", "Harbor tour", "Cloud cost review",
    ],
    "skill": "Scala Ansible Figma Carpentry Dutch Auditing Baking Hiking archive billing".split(),
}  # fmt: skip
